"""Who answered, told by the campaign's owner: the questionnaire's export, people picked, addresses pasted."""

from collections.abc import Iterable, Mapping

from bot.core.campaigns import Campaign
from bot.core.contacts import Contact
from bot.texts import Say, escaped
from handlers.blocks import kit, notices
from handlers.blocks.campaign_buttons import ANSWERS
from handlers.blocks.wizard import VALUE
from handlers.blocks.wizard_choices import externals

FILE, PEOPLE, ADDRESSES = "file", "people", "addresses"
FIND = "answered_people"
MOST = 20  # people picked
NAMED = 20  # addresses of nobody


def dialog(say: Say, campaign: Campaign, *, may_name: bool) -> kit.View:
    """`may_name`: people may be looked for by their names."""
    file: kit.Block = {"type": "file_input", "action_id": FILE, "max_files": 1}
    pasted: kit.Block = {"type": "rich_text_input", "action_id": VALUE}
    people = externals(FIND, [], say("answered.people.choose"), most=MOST)
    picked = [
        kit.labelled(
            PEOPLE, say("answered.people.label"), people, hint=say("answered.people.hint", most=MOST),
            optional=True,
        )
    ]  # fmt: skip
    return kit.modal(
        ANSWERS,
        say("answered.title"),
        [
            kit.section(say.mrkdwn("answered.intro", name=campaign.name)),
            kit.labelled(
                FILE, say("answered.file"), file,
                hint=say("answered.file.hint", parameter=campaign.link_parameter), optional=True,
            ),
            *(picked if may_name else []),
            kit.labelled(
                ADDRESSES, say("answered.addresses"), pasted, hint=say("answered.addresses.hint"),
                optional=True,
            ),
        ],
        metadata=str(kit.Target(id=campaign.id, revision=campaign.revision)),
        submit=say("answered.submit"), close=say("campaigns.close"),
    )  # fmt: skip


def person(number: int, contact: Contact) -> kit.Block:
    words = " · ".join(filter(None, (contact.full_name(), contact.email)))
    return kit.option(words, str(number))


def noted(
    say: Say, name: str, people: int, fresh: int, unknown: tuple[str, ...], *, are_named: bool
) -> kit.View:
    """What came of it. Addresses of nobody are shown here alone: no message keeps them."""
    words = [say.mrkdwn("answered.noted", name=name, n=people, fresh=say("answered.fresh", n=fresh))]
    words.append(say("answered.no_reminder", n=people) if fresh else say("answered.nothing_new"))
    blocks = [kit.section("\n".join(words))]
    if unknown:
        told = say("answered.strangers", n=len(unknown))
        if are_named:
            shown = [f"• {escaped(one)}" for one in unknown[:NAMED]]
            told = "\n".join([told, *shown, *(["…"] if len(unknown) > NAMED else [])])
        blocks.append(kit.section(told))
    return kit.modal(notices.NOTICE, say("answered.title"), blocks, close=say("campaigns.close"))


def plain(rich: object) -> str:
    """The words of a rich text, whatever it is made of, links' own addresses included."""
    return "\n".join(_words(rich))


def _words(node: object) -> Iterable[str]:
    if isinstance(node, Mapping):
        for name in ("text", "url"):
            if isinstance(node.get(name), str):
                yield node[name]
        yield from _words(node.get("elements"))
    elif isinstance(node, list):
        for one in node:
            yield from _words(one)
