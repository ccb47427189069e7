"""What came of corrected rows, as it is told."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.core.campaigns import Campaign
from bot.core.lists import ContactList
from bot.core.repairs import Repair
from bot.core.sentences import Sentence, sentence

NAMED = 5  # titles or values
SHORT = 40  # characters of one


@dataclass(frozen=True, kw_only=True, slots=True)
class Repaired:
    """The list after it. `others`: scheduled campaigns that keep the people they were given; `notes`: what of
    the file was left out, and why."""

    contact_list: ContactList
    repair: Repair
    others: tuple[Campaign, ...] = ()
    notes: tuple[Sentence, ...] = ()

    def said(self) -> Sentence:
        parts = [*self._counts(), *self.notes, self._left()]
        said = parts[0]
        for part in parts[1:]:
            said = sentence("repairs.and", first=said, second=part)
        return said

    def _counts(self) -> Iterator[Sentence]:
        found, title = self.repair, self.contact_list.title
        total = Sentence("words.contacts", {"n": self.contact_list.count})
        if found.joined:
            yield sentence("repairs.joined", n=found.joined, title=title, total=total)
        elif found.gone and not found.changed:
            yield sentence("repairs.unchanged_gone", n=found.gone, title=title, total=total)
        elif not found.added:
            yield sentence("repairs.unchanged", title=title, total=total)
        if found.added:
            key = "repairs.added_too" if found.joined else "repairs.added"
            yield sentence(key, n=found.added, title=title, total=total)
        if known := found.known + found.there:
            yield sentence("repairs.known", n=known)
        if found.gone and found.changed:
            yield sentence("repairs.gone", n=found.gone)
        if found.excluded:
            yield sentence("repairs.excluded", n=found.excluded)
        if found.doubtful:
            yield sentence("repairs.doubtful", n=found.doubtful, values=listed(found.unknown))

    def _left(self) -> Sentence:
        left = self.contact_list.report.rejected
        return sentence("repairs.left", n=left) if left else sentence("repairs.nothing_left")


def listed(words: Sequence[str]) -> str:
    """Of a file: a few of them, none too long."""
    shown = [word if len(word) <= SHORT else word[: SHORT - 1] + "…" for word in words[:NAMED]]
    return ", ".join([*shown, *(["…"] if len(words) > NAMED else [])])
