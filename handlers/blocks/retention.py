"""A list whose time is nearly over: kept, or deleted; and what became of it."""

from datetime import datetime

from bot.core.lists import UNDO
from bot.core.people import called
from bot.core.retention import Asked, Standing
from bot.texts import Say
from handlers.blocks import kit

KEEP, DELETE, BRING_BACK = "lists.keep", "lists.delete_now", "lists.bring_back"
DAY = {"fr": "d MMMM y", "en": "MMMM d, y"}


def message(say: Say, asked: Asked, *, is_owner: bool) -> tuple[str, list[kit.Block]]:
    """The question, and in the same place what became of it."""
    match asked.standing:
        case Standing.OPEN:
            return _question(say, asked, is_owner=is_owner)
        case Standing.KEPT:
            text = _kept(say, asked)
            return text, [kit.section(text)]
        case Standing.EXPIRED | Standing.DELETED:
            return over(say, asked)


def passed(say: Say, asked: Asked) -> tuple[str, list[kit.Block]]:
    """The question, where a newer message says what became of it."""
    text, _ = over(say, asked)
    return text, [kit.section(text)]


def over(say: Say, asked: Asked) -> tuple[str, list[kit.Block]]:
    """Deleted: by whom, and until when it can be brought back."""
    contact_list = asked.contact_list
    text = say.mrkdwn(
        f"retention.{asked.standing.value}", title=contact_list.title, n=contact_list.count,
        announced=day(say, asked.notice.at),
    )  # fmt: skip
    if contact_list.deleted_at is None:
        return text, [kit.section(text)]
    until = say("retention.until", day=day(say, contact_list.deleted_at + UNDO))
    back = kit.button(say("lists.undo.button"), BRING_BACK, _target(asked))
    return text, [kit.section(f"{text} {until}", accessory=back), kit.context(say("retention.about"))]


def _question(say: Say, asked: Asked, *, is_owner: bool) -> tuple[str, list[kit.Block]]:
    contact_list = asked.contact_list
    title, n = contact_list.title, contact_list.count
    until = day(say, asked.notice.deletes_at)
    notification = say.mrkdwn("retention.text", title=title, day=until)
    key = "retention.question" if is_owner else "retention.left"
    words = say.mrkdwn(key, title=title, n=n, day=until, owner=called(asked.owner))
    since = say("retention.since", n=asked.days)
    return notification, [
        kit.section(f"{words}\n{since}"),
        kit.actions([_keep_button(say, asked, is_owner=is_owner), _delete_button(say, asked)]),
        kit.context(say("retention.about")),
    ]


def _keep_button(say: Say, asked: Asked, *, is_owner: bool) -> kit.Block:
    if is_owner:
        return kit.button(say("retention.keep", n=asked.days), KEEP, _target(asked), style="primary")
    ask = kit.confirm(
        say("retention.take_over.ask"),
        say.mrkdwn("retention.take_over.what", owner=called(asked.owner), title=asked.contact_list.title),
        say("retention.take_over"), say("lists.delete.keep"), danger=False,
    )  # fmt: skip
    return kit.button(say("retention.take_over"), KEEP, _target(asked), style="primary", ask=ask)


def _delete_button(say: Say, asked: Asked) -> kit.Block:
    contact_list = asked.contact_list
    what = f"{say('words.contacts', n=contact_list.count)}. {say('lists.delete.undo')}"
    ask = kit.confirm(
        say("lists.delete.title", title=contact_list.title), what, say("lists.delete.button"),
        say("lists.delete.keep"),
    )  # fmt: skip
    return kit.button(say("retention.delete"), DELETE, _target(asked), style="danger", ask=ask)


def _kept(say: Say, asked: Asked) -> str:
    title = asked.contact_list.title
    if asked.until is None:
        return say.mrkdwn("retention.kept", title=title)
    return say.mrkdwn("retention.kept_until", title=title, day=day(say, asked.until))


def _target(asked: Asked) -> kit.Target:
    return kit.Target(id=asked.contact_list.id, revision=asked.contact_list.revision)


def day(say: Say, moment: datetime) -> str:
    return say.moment(moment, DAY[say.language.value])
