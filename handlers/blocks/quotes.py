"""A letter's words, quoted: as many of them as a message or a dialog has room for, and how many it has not.

As rich text: nothing in a letter can become a mention or a style of ours.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate

from handlers.blocks import kit

PIECE = 2_900  # characters of one quote
# Slack refuses a message whose blocks hold some 11,000 characters together, as others have measured; the rest
# of a message needs its part
IN_MESSAGE = 7_000
IN_DIALOG = 180_000  # of a view's 250 kB

Weight = Callable[[str], int]


def in_message(texts: Sequence[str]) -> list[str]:
    return _fitting(texts, IN_MESSAGE, lambda one: len(one.encode("utf-8", "surrogatepass")))


def in_dialog(texts: Sequence[str]) -> list[str]:
    return _fitting(texts, IN_DIALOG, _escaped)


def quotes(words: str) -> Iterator[kit.Block]:
    for start in range(0, len(words), PIECE) if words else [0]:
        text = {"type": "text", "text": words[start : start + PIECE] or "–"}
        yield {"type": "rich_text", "elements": [{"type": "rich_text_quote", "elements": [text]}]}


def missing(texts: Sequence[str], shown: Sequence[str]) -> int:
    return sum(map(len, texts)) - sum(map(len, shown))


def _fitting(texts: Sequence[str], room: int, weight: Weight) -> list[str]:
    """The beginning of each: what the short ones need not is the long ones'."""
    costs = [list(accumulate(map(weight, text))) for text in texts]
    shown = list(texts)
    by_size = sorted(range(len(texts)), key=lambda place: costs[place][-1] if costs[place] else 0)
    for left, place in zip(range(len(texts), 0, -1), by_size, strict=True):
        fits = bisect_right(costs[place], room // left)
        shown[place] = texts[place][:fits]
        room -= costs[place][fits - 1] if fits else 0
    return shown


def _escaped(one: str) -> int:
    """Bytes of a character in JSON, where other than ASCII is escaped."""
    if one in '"\\' or one < " ":
        return 6 if one < " " and one not in "\n\t\r" else 2
    return 1 if one <= "~" else 6 if one <= "\uffff" else 12
