"""The letter on the check: as somebody will read it, with the way to others, and to a test."""

from dataclasses import dataclass

from bot.core.contacts import Contact
from bot.texts import escaped
from handlers.blocks import kit
from handlers.blocks.wizard import Shown

TEST, PREVIEW = "campaigns.test", "campaigns.preview"
FIRST, POOREST = "campaigns.preview_first", "campaigns.preview_poorest"
FIND = "campaigns.reader"
TESTERS, TO = "testers", "campaigns.testers"
MOST = 5  # colleagues of a test
QUOTED = 2_500  # characters of the letter that the dialog shows


@dataclass(frozen=True, kw_only=True, slots=True)
class Read:
    """The letter of `contact`, the `place`-th of `places`. `poorest`: the place of who lacks most. `is_open`:
    the people may be seen; else the contact is invented."""

    contact: Contact
    place: int
    places: int
    subject: str
    words: str
    preheader: str = ""
    poorest: int | None = None
    is_open: bool = True


def test_button(shown: Shown, read: Read) -> list[kit.Block]:
    """Not of what goes to oneself anyway. Without an address of one's own, it goes to colleagues."""
    if shown.draft.to_myself:
        return []
    words = "campaigns.test" if shown.member.email else "message.test.others"
    return [kit.button(shown.say(words), TEST, _at(shown, read.place))]


def testers(shown: Shown) -> list[kit.Block]:
    """No field of its own: it would take the focus of a dialog that is mostly read."""
    if shown.draft.to_myself:
        return []
    say = shown.say
    element: kit.Block = {
        "type": "multi_users_select", "action_id": TO, "max_selected_items": MOST,
        "placeholder": kit.plain(say("message.test.colleagues", most=MOST), 150),
    }  # fmt: skip
    return [kit.section(say("message.test.testers"), accessory=element, block_id=TESTERS)]


def letter(shown: Shown, read: Read) -> list[kit.Block]:
    """Subject, preheader and words, whose they are, and whose else there are to see."""
    lines = [f"*{escaped(read.subject)}*"]
    if read.preheader:
        lines.append(shown.say.mrkdwn("message.preview.preheader", preheader=read.preheader))
    ways = _ways(shown, read)
    return [
        kit.section("\n".join(lines), block_id="letter.subject"),
        _quoted(read.words),
        kit.context(whose(shown, read)),
        *([kit.actions(ways, f"letter.{read.place}")] if ways else []),
    ]


def whose(shown: Shown, read: Read) -> str:
    say, contact = shown.say, read.contact
    if shown.draft.to_myself:
        return say("campaigns.check.mine")
    if not read.is_open:
        return say("message.preview.invented")
    name = contact.full_name() or contact.email
    return say.mrkdwn(
        "message.preview.whose", name=name, row=str(contact.row), place=read.place + 1, places=read.places
    )


def _ways(shown: Shown, read: Read) -> list[kit.Block]:
    """Only what leads elsewhere."""
    say, row = shown.say, list[kit.Block]()
    if not read.is_open or read.places < 2:
        return row
    following = _at(shown, (read.place + 1) % read.places)
    row.append(kit.button(say("message.preview.next"), PREVIEW, following))
    if read.place:
        row.append(kit.button(say("message.preview.first"), FIRST, _at(shown, 0)))
    if read.poorest is not None and read.poorest != read.place:
        row.append(kit.button(say("message.preview.poorest"), POOREST, _at(shown, read.poorest)))
    row.append(
        {
            "type": "external_select", "action_id": FIND, "min_query_length": 0,
            "placeholder": kit.plain(say("message.preview.find"), 150),
        }
    )  # fmt: skip
    return row


def _at(shown: Shown, place: int) -> kit.Target:
    return kit.Target(id=shown.draft.id, revision=shown.draft.revision, argument=str(place))


def _quoted(words: str) -> kit.Block:
    """As rich text: nothing in a letter can become a mention or a style of ours."""
    text: kit.Block = {"type": "text", "text": kit.cut(words, QUOTED)}
    quote = {"type": "rich_text_quote", "elements": [text]}
    return {"type": "rich_text", "elements": [quote]}
