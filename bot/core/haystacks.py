"""Many short texts to search in at the speed of one long one: suggestions while somebody types."""

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator

from bot.core.text import folded

_BREAK = "\n"


class Haystack:
    """Texts already folded, none with a line break, the likeliest first."""

    def __init__(self, texts: Iterable[str]) -> None:
        kept = list(texts)
        self._starts = array("L", _starts(kept))
        self._whole = _BREAK + _BREAK.join(kept) + _BREAK if kept else ""

    def __len__(self) -> int:
        return len(self._starts)

    def find(self, query: str, limit: int) -> list[int]:
        """The places of the texts that hold every word of the query, in their order: first those that begin
        with it, then those in which a word does, then the others."""
        wanted = folded(query)
        if not wanted:
            return list(range(min(limit, len(self))))
        found: dict[int, None] = {}
        for needle in (_BREAK + wanted, " " + wanted, wanted):
            for place in self._holding(needle, len(_BREAK)):
                found[place] = None
                if len(found) == limit:
                    return list(found)
        words = wanted.split()
        if len(words) > 1:
            self._all_of(words, found, limit)
        return list(found)

    def _all_of(self, words: list[str], found: dict[int, None], limit: int) -> None:
        """Their order does not matter: people are typed last name first, too."""
        rarest = min(words, key=self._whole.count)
        for place in self._holding(rarest, 0):
            text = self._text(place)
            if all(word in text for word in words):
                found[place] = None
                if len(found) == limit:
                    return

    def _holding(self, needle: str, margin: int) -> Iterator[int]:
        """Each text once."""
        whole, at = self._whole, self._whole.find(needle)
        while at != -1:
            place = bisect_right(self._starts, at + margin) - 1
            yield place
            following = self._starts[place + 1] - 1 if place + 1 < len(self._starts) else len(whole) - 1
            at = whole.find(needle, max(following, at + 1))

    def _text(self, place: int) -> str:
        start = self._starts[place]
        return self._whole[start : self._whole.index(_BREAK, start)]


def _starts(texts: list[str]) -> Iterator[int]:
    at = 1
    for text in texts:
        yield at
        at += len(text) + 1
