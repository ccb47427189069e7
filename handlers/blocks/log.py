"""The log: who did what, when; the newest first."""

from collections.abc import Iterator, Sequence

from bot.core.log import Told
from bot.texts import Say, escaped
from bot.texts.journal import details, verb
from handlers.blocks import kit

PAGE, PREVIOUS, DOWNLOAD = "log.page", "log.previous", "log.download"
TOGETHER, LONGEST = 10, 2_900  # entries in one section, and their characters: escaped ones count for five
NAME, WHO, DETAILS = 90, 40, 90
MOMENT = {"fr": "d MMM y, H:mm", "en": "MMM d, y, h:mm a"}


def journal(
    say: Say, told: Sequence[Told], *, page: int, pages: int, found: int
) -> tuple[str, list[kit.Block]]:
    """`page` counts from 0; `found`: entries in all."""
    if not told:
        return say("log.empty"), [kit.section(say("log.empty"))]
    text = say("log.text", n=found)
    parts = _parts([_line(say, one) for one in told])
    where = [say("log.page_of", page=page + 1, pages=pages)] if pages > 1 else []
    return text, [
        kit.header(say("log.title")),
        *(kit.section("\n".join(part)) for part in parts),
        *(kit.actions(turns) for turns in [list(_turns(say, page, pages))] if turns),
        kit.section(say("log.csv"), accessory=_download(say, "csv")),
        kit.section(say("log.xlsx"), accessory=_download(say, "xlsx")),
        kit.context(" · ".join([text, *where, say("log.about")])),
    ]


def _parts(lines: Sequence[str]) -> list[list[str]]:
    parts: list[list[str]] = [[]]
    for line in lines:
        if len(parts[-1]) == TOGETHER or sum(map(len, parts[-1])) + len(line) > LONGEST:
            parts.append([])
        parts[-1].append(line)
    return parts


def _line(say: Say, one: Told) -> str:
    who = kit.cut(one.who or say("log.bot"), WHO)
    name = kit.cut(one.name, NAME)
    named = "named" if name else "gone"
    thing = "" if one.is_of_person else say.mrkdwn(
        f"log.thing.{one.thing.value}.{named}", name=name, id=kit.cut(one.id, WHO)
    )  # fmt: skip
    more = kit.cut(details(say, one), DETAILS)
    words = f"{escaped(say.moment(one.at, MOMENT[say.language.value]))} · *{escaped(who)}* "
    return words + " ".join(
        filter(None, [escaped(verb(say, one)), thing, f"({escaped(more)})" if more else ""])
    )


def _turns(say: Say, page: int, pages: int) -> Iterator[kit.Block]:
    if page > 0:
        yield kit.button(say("log.newer"), PREVIOUS, kit.Target(argument=str(page - 1)))
    if page < pages - 1:
        yield kit.button(say("log.older"), PAGE, kit.Target(argument=str(page + 1)))


def _download(say: Say, kind: str) -> kit.Block:
    return kit.button(say(f"log.download.{kind}"), DOWNLOAD, kit.Target(argument=kind))
