"""A file that looks like a list: what differs, and what to do with it; and what came of it."""

from collections.abc import Sequence

from bot.core.campaigns import Campaign
from bot.core.contacts import Field
from bot.core.differences import Change
from bot.core.lists import UNDO, ContactList, Waiting
from bot.core.sentences import Sentence
from bot.texts import Say
from handlers.blocks import kit
from handlers.blocks.campaign_buttons import again

REPLACE, MERGE, BOTH, REVERT = "lists.replace", "lists.merge", "lists.both", "lists.revert"
FIX_AGAIN, STAY = "lists.fix_again", "lists.stay"
HERE = "here"  # a button's argument: the message it stands in is drawn again
DAY = {"fr": "d MMMM", "en": "MMMM d"}
MOST = 5  # campaigns named one by one
SHORT = 60

Shown = tuple[str, list[kit.Block]]


def waiting(say: Say, file: ContactList, last: Campaign | None = None) -> Shown:
    """The question; or, once answered, where the file went. `last`: what *same as last time* repeats."""
    about = file.waiting
    assert about is not None
    if about.became is not None:
        text = say.mrkdwn(f"lists.waiting.{about.became.value}", name=_name(file), title=about.title)
        return text, [kit.section(text), kit.actions([_view(say, about)])]
    if about.is_same or about.difference.is_none:
        return _same(say, file, about, last)
    return _alike(say, file, about)


def _same(say: Say, file: ContactList, about: Waiting, last: Campaign | None) -> Shown:
    key = "lists.waiting.same_file" if about.is_same else "lists.waiting.same_people"
    day = _day(say, about)
    text = say.mrkdwn(key, name=_name(file), title=about.title, n=about.count, day=day)
    anyway = kit.button(say("lists.waiting.anyway"), BOTH, _target(file))
    same = [again(say, last, about.list_id)] if last else []
    buttons = [_view(say, about), _campaign(say, about), *same, anyway]
    return text, [kit.section(text), kit.actions(buttons)]


def _alike(say: Say, file: ContactList, about: Waiting) -> Shown:
    text = say.mrkdwn("lists.waiting.text", name=_name(file), title=about.title, n=file.count)
    intro = say.mrkdwn(
        "lists.waiting.intro", name=_name(file), title=about.title, n=about.count, day=_day(say, about)
    )
    until = say.moment(file.created_at + UNDO, DAY[say.language.value])
    replacing = kit.button(say("lists.waiting.replace", n=file.count), REPLACE, _target(file))
    total = about.count + about.difference.added
    merging = kit.button(say("lists.waiting.merge", n=total), MERGE, _target(file), style="primary")
    return text, [
        kit.header(say("lists.waiting.header", title=about.title)),
        kit.section(intro),
        *_differing(say, about),
        *_to_fix(say, file, about),
        kit.actions([merging, replacing, kit.button(say("lists.waiting.both"), BOTH, _target(file))]),
        kit.context(say("lists.waiting.meaning"), say("lists.waiting.until", day=until)),
    ]


def _differing(say: Say, about: Waiting) -> list[kit.Block]:
    found = about.difference
    counts = {"added": found.added, "changed": found.changed, "gone": found.gone}
    titles = {"more": found.more, "fewer": found.fewer}
    lines = [
        " · ".join(say(f"lists.difference.{name}", n=n) for name, n in counts.items() if n),
        *(_example(say, one) for one in found.examples),
        *(_columns(say, name, those) for name, those in titles.items() if those),
    ]
    text = "\n".join(filter(None, lines))
    return [kit.section(text)] if text else []


def _columns(say: Say, name: str, titles: Sequence[str]) -> str:
    named = [kit.cut(title, SHORT) for title in titles[:MOST]]
    more = ["…"] if len(titles) > MOST else []
    return say.mrkdwn(f"lists.difference.{name}", n=len(titles), titles=say.joined([*named, *more]))


def _to_fix(say: Say, file: ContactList, about: Waiting) -> list[kit.Block]:
    """Of the file, and of the list: those go where it is replaced."""
    lines = [
        say("lists.waiting.rejected", n=file.report.rejected) if file.report.rejected else "",
        say.mrkdwn("lists.waiting.goes", n=about.to_fix, title=about.title) if about.to_fix else "",
    ]
    text = "\n".join(filter(None, lines))
    return [kit.section(text)] if text else []


def _example(say: Say, change: Change) -> str:
    column = change.field if change.extra else Sentence(f"reading.column.{Field(change.field).value}")
    return say.mrkdwn(
        "lists.difference.example", name=kit.cut(change.name, SHORT), column=column,
        before=kit.cut(change.before, SHORT) or "–", after=kit.cut(change.after, SHORT) or "–",
    )  # fmt: skip


def outcome(
    say: Say, contact_list: ContactList, others: Sequence[Campaign], *, back: bool = False,
    last: Campaign | None = None,
) -> Shown:  # fmt: skip
    """What the list is now; its scheduled campaigns keep their people unless they are given the new ones.
    `back`: a version was taken back; `last`: what *same as last time* repeats."""
    key = "lists.version.back" if back else "lists.version.now"
    text = say.mrkdwn(key, title=contact_list.title, n=contact_list.count)
    blocks = [
        kit.section(text),
        *_question(say, contact_list, others),
        kit.actions(_after(say, contact_list, last)),
    ]
    return text, blocks


def _after(say: Say, contact_list: ContactList, last: Campaign | None = None) -> list[kit.Block]:
    aim = kit.Target(id=contact_list.id, revision=contact_list.revision)
    buttons = [
        kit.button(say("lists.campaign.button"), "campaigns.new", aim),
        *([again(say, last, contact_list.id)] if last else []),
        kit.button(say("lists.view.button"), "lists.view", aim),
    ]
    return [*buttons, *revert_button(say, contact_list, HERE)]


def revert_button(say: Say, contact_list: ContactList, argument: str = "") -> list[kit.Block]:
    """None where there is no version before this one."""
    if not contact_list.previous:
        return []
    aim = kit.Target(id=contact_list.id, revision=contact_list.revision, argument=argument)
    count = contact_list.previous[0].report.accepted
    return [kit.button(say("lists.version.revert", n=count), REVERT, aim)]


def _question(say: Say, contact_list: ContactList, others: Sequence[Campaign]) -> list[kit.Block]:
    if not others:
        return []
    named = [
        say.mrkdwn("lists.version.campaign", name=one.name, n=one.audience_size) for one in others[:MOST]
    ]
    if len(others) > MOST:
        named.append("…")
    asked = say("lists.version.campaigns", n=len(others))
    aim = kit.Target(id=contact_list.id, revision=contact_list.revision)
    fixed = sum(one.audience_size for one in others)
    keep = say("lists.version.stay", n=fixed) if len(others) == 1 else say("lists.version.stay_all")
    return [
        kit.section("\n".join([asked, *named])),
        kit.actions(
            [
                kit.button(keep, STAY, aim),
                kit.button(say("lists.version.fix_again", n=contact_list.count), FIX_AGAIN, aim),
            ]
        ),
    ]


def fixed_again(say: Say, contact_list: ContactList, count: int) -> Shown:
    """`count` campaigns write to the people of now."""
    text = say.mrkdwn(
        "lists.version.fixed_again", n=count, people=contact_list.count, title=contact_list.title
    )
    return text, [kit.section(text), kit.actions(_after(say, contact_list))]


def stayed(say: Say, contact_list: ContactList, others: Sequence[Campaign]) -> Shown:
    text = say.mrkdwn("lists.version.stayed", n=len(others), title=contact_list.title)
    return text, [kit.section(text), kit.actions(_after(say, contact_list))]


def working(say: Say, title: str) -> Shown:
    """Long lists take a few seconds."""
    text = say.mrkdwn("lists.version.working", title=title)
    return text, [kit.section(text)]


def _view(say: Say, about: Waiting) -> kit.Block:
    return kit.button(say("lists.view.button"), "lists.view", kit.Target(id=about.list_id))


def _campaign(say: Say, about: Waiting) -> kit.Block:
    return kit.button(say("lists.campaign.button"), "campaigns.new", kit.Target(id=about.list_id))


def _target(file: ContactList) -> kit.Target:
    return kit.Target(id=file.id, revision=file.revision)


def _name(file: ContactList) -> str:
    return file.source_name or file.title


def _day(say: Say, about: Waiting) -> str:
    return say.moment(about.created_at, DAY[say.language.value])
