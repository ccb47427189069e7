"""Letters to check: the question to their owner, its line on Home, what became of it, and the people.

Never the word batch, never alarming: what happened, what is known beside it, what can be done.
"""

from collections.abc import Sequence

from bot.core.campaigns import Campaign
from bot.core.contacts import Contact
from bot.core.settling import Log, Question, mark
from bot.texts import Say, escaped
from handlers.blocks import kit
from handlers.blocks.moments import stamp

WAIT, SETTLE, RESEND, PEOPLE = (f"campaigns.{verb}" for verb in ("wait", "settle", "resend", "uncertain"))
NEXT, PREVIOUS, FILE = (f"campaigns.uncertain_{verb}" for verb in ("next", "previous", "file"))
VIEW = "campaigns.uncertain"
CAUSES = frozenset({"reset", "timeout", "server", "unreadable", "restart"})
FINDERS = ("events", "log")  # who settles by knowing; anybody else decided
FEW = 5  # people a section: ten fields, two for each


def question(say: Say, campaign: Campaign, asked: Question) -> tuple[str, list[kit.Block]]:
    """The question's one message: text for the notification, and blocks."""
    if not asked.doubts:
        return closed(say, campaign, asked)
    n = asked.people
    blocks = [
        kit.header(say("settling.header", n=n)),
        kit.section(_what_happened(say, campaign, asked)),
        kit.section(_state(say, asked)),
        kit.actions(_buttons(say, campaign, asked)),
    ]
    if not asked.is_over:
        key = "settling.default.silent" if asked.reminds else "settling.default"
        blocks.append(kit.context(say(key, n=asked.known_persons)))
    return say.mrkdwn("settling.text", n=n, name=campaign.name), blocks


def line(say: Say, campaign: Campaign, asked: Question) -> list[kit.Block]:
    """On Home."""
    head = say.mrkdwn("settling.line", n=asked.people, name=campaign.name)
    words = "\n".join([head, say("settling.unknown", n=asked.people), _state(say, asked)])
    return [kit.section(words), kit.actions(_buttons(say, campaign, asked))]


def _what_happened(say: Say, campaign: Campaign, asked: Question) -> str:
    told = []
    for group in asked.groups:
        why = group.why if group.why in CAUSES else "other"
        moment, name = stamp(say, group.since), escaped(campaign.name)
        told.append(say(f"settling.cause.{why}", n=group.people, name=name, moment=moment))
    told.append(say("settling.unknown", n=asked.people))
    if asked.accepted:
        told.append(say("settling.accepted", n=asked.accepted))
    if asked.left:
        told.append(say("settling.left" if asked.may_resend else "settling.left.ended", n=asked.left))
    if not asked.may_resend:
        told.append(say("settling.ended"))
    elif spared := asked.known_persons - asked.resent:
        told.append(say("settling.spared", n=spared))
    return " ".join(told)


def _state(say: Say, asked: Question) -> str:
    if asked.is_over:
        return say("settling.over.silent" if asked.reminds else "settling.over", n=asked.known_persons)
    clues = " · ".join([_receipts(say, asked), _log(say, asked)])
    told = [say("settling.clues", clues=clues), say("settling.looking", until=stamp(say, asked.until))]
    if asked.waits:
        told.append(say("settling.waiting"))
    return " ".join(told)


def _receipts(say: Say, asked: Question) -> str:
    if asked.receipts:
        return say("settling.clue.receipts", n=asked.receipts)
    return say("settling.clue.no_receipts")


def _log(say: Say, asked: Question) -> str:
    clue = asked.clue
    if clue.log is Log.MISSING and clue.at is not None:
        return say("settling.log.missing", moment=stamp(say, clue.at))
    return say(f"settling.log.{clue.log.value}")


def _buttons(say: Say, campaign: Campaign, asked: Question) -> list[kit.Block]:
    """Once the day is over there is nothing to wait for, and they count as gone anyway; who learns that
    the letters never came can still resend them."""
    target = kit.Target(id=campaign.id, revision=campaign.revision, argument=mark(asked.doubts))
    buttons = []
    if asked.asks:
        buttons.append(kit.button(say("settling.wait"), WAIT, target))
    if not asked.is_over:
        buttons.append(kit.button(say("settling.settle"), SETTLE, target))
    if asked.names_people:
        named = kit.Target(id=campaign.id, revision=campaign.revision)
        buttons.append(kit.button(say("settling.people"), PEOPLE, named))
    if asked.may_resend and asked.resent:
        buttons.append(_resend(say, target, asked.resent))
    return buttons


def _resend(say: Say, target: kit.Target, people: int) -> kit.Block:
    risk = kit.confirm(
        say("settling.resend.ask", n=people), say("settling.resend.risk", n=people),
        say("settling.resend.yes"), say("settling.resend.no"),
    )  # fmt: skip
    return kit.button(say("settling.resend", n=people), RESEND, target, style="danger", ask=risk)


def closed(say: Say, campaign: Campaign, asked: Question) -> tuple[str, list[kit.Block]]:
    """What became of them, and by whom."""
    counts: dict[tuple[str, str], int] = {}
    for one in asked.settlements:
        became = one.by if one.by in FINDERS else ("gone" if one.gone else "resent")
        who = "" if became == one.by else one.by
        counts[became, who] = counts.get((became, who), 0) + one.people
    told = [
        say(f"settling.by.{became}", n=n, who=f"<@{who}>") if who else say(f"settling.by.{became}", n=n)
        for (became, who), n in counts.items()
    ]
    is_known = all(one.by in FINDERS for one in asked.settlements)
    head = say.mrkdwn("settling.closed.text" if is_known else "settling.closed.decided", name=campaign.name)
    return head, [kit.header(say("settling.closed")), kit.section("\n".join([head, *told]))]


# --- the people ---------------------------------------------------------------------------------------


def people(
    say: Say, campaign: Campaign, contacts: Sequence[Contact], *, page: int, page_count: int, found: int
) -> kit.View:
    summary = say.mrkdwn("settling.people.summary", n=found, name=campaign.name)
    if page_count > 1:
        summary = " · ".join([summary, say("lists.page.of", page=page + 1, pages=page_count)])
    blocks = [kit.section(summary), *_rows(contacts)]
    if buttons := _turns(say, campaign, page, page_count - 1):
        blocks.append(kit.actions(buttons))
    aim = kit.Target(id=campaign.id, revision=campaign.revision)
    blocks += [kit.divider(), kit.actions([kit.button(say("settling.download"), FILE, aim)])]
    return kit.modal(
        VIEW, say("settling.people.title"), blocks, metadata=str(aim), close=say("notices.close")
    )


def _rows(contacts: Sequence[Contact]) -> list[kit.Block]:
    sections = []
    for start in range(0, len(contacts), FEW):
        cells: list[str] = []
        for contact in contacts[start : start + FEW]:
            name = f"*{escaped(contact.full_name())}*" if contact.full_name() else "–"
            cells += [kit.cut(name, 300), escaped(contact.email)]
        sections.append(kit.fields(cells))
    return sections


def _turns(say: Say, campaign: Campaign, page: int, last: int) -> list[kit.Block]:
    """Where one can go from here; the buttons' argument is the page to show."""

    def to(number: int) -> kit.Target:
        return kit.Target(id=campaign.id, revision=campaign.revision, argument=str(number))

    back = [kit.button(say("lists.page.previous"), PREVIOUS, to(page - 1))] if page > 0 else []
    onward = [kit.button(say("lists.page.next"), NEXT, to(page + 1))] if page < last else []
    return [*back, *onward]
