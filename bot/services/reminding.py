"""Reminders that are due: announced an hour before, asked about where nobody knows who has answered, sent.

What goes is another wave of the campaign, through the same ledger and with the same guarantees.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot import ports
from bot.core import campaigns as rules
from bot.core import closing, planning, silent, working_hours
from bot.core.campaigns import Campaign, State
from bot.core.delivery import Fold
from bot.core.inbox import Owed
from bot.core.planning import Planned
from bot.core.sentences import Sentence, sentence
from bot.core.silent import Outlook
from bot.services import wholeness
from bot.services.telling import Telling

UNKNOWN = "reminders.why.unknown"  # why it is held: nobody knows who has answered


@dataclass(frozen=True, kw_only=True)
class Reminding:
    """`knows`: has anybody told who answered this campaign, lately enough to remind the others?"""

    store: ports.Store
    telling: Telling
    knows: Callable[[Campaign, datetime], bool]

    def visit(self, campaign: Campaign, now: datetime) -> Campaign | None:
        """The campaign on its way, where its reminder leaves now. Raises Stale where a person was first."""
        one = planning.upcoming(campaign, now)
        if one is None or now < one.moment:
            self._look_ahead(campaign, one, now)
            return None
        if why := self._too_late(campaign, one, now):
            self.telling.pay(self.hold(campaign, one, why))
            return None
        if not one.reminder.to_unsure and not self.knows(campaign, now):
            self.telling.pay(self.hold(campaign, one, sentence(UNKNOWN, number=one.number)))
            return None
        if not self.outlook(campaign, now).people:
            self._pass_over(campaign, one, now)
            return None
        return self.leave(campaign, one.number, now)

    def _too_late(self, campaign: Campaign, one: Planned, now: datetime) -> Sentence | None:
        if planning.is_closed(campaign, now):
            return closing.why_not_reminded(campaign, one.number)
        # unannounced: its campaign was paused over the moment, or closed, and is not any more
        is_late = now - one.moment > rules.LATE or one.reminder.announced != one.moment
        return sentence("reminders.why.late", number=one.number, moment=one.moment) if is_late else None

    def _look_ahead(self, campaign: Campaign, one: Planned | None, now: datetime) -> None:
        is_news = one is not None and one.reminder.announced != one.moment
        if one is None or not is_news or now < one.moment - planning.ANNOUNCED:
            wake_at = planning.wake_at(campaign, now)
            self.store.campaigns.advance(campaign.workspace, campaign, campaign.revision, wake_at)
            if planning.is_closed(campaign, now):
                self.telling.owe(campaign)  # its message says so
            return
        self.announce(campaign, one, now)

    def announce(self, campaign: Campaign, one: Planned, now: datetime) -> None:
        """To its owner, with what can still be decided; again, where what was said of it is not true now."""
        wholeness.look(self.store, campaign)
        is_unknown = not one.reminder.to_unsure and not self.knows(campaign, now)
        announced = planning.changed(campaign, one.number, announced=one.moment, unknown=is_unknown)
        key = "unknown" if is_unknown else "everybody" if one.reminder.to_unsure else "announced"
        people = self.outlook(campaign, now).people
        said = sentence(
            f"reminders.said.{key}", number=one.number, name=campaign.name, moment=one.moment, n=people
        )
        if slow := working_hours.slow(campaign, one.reminder, one.moment, people):
            said = sentence("reminders.said.slow", number=one.number, said=said, slow=slow)
        wake_at = planning.wake_at(announced, now)
        self.telling.pay(self.telling.advance(announced, campaign.revision, wake_at, said, asks=True))

    def hold(self, campaign: Campaign, one: Planned, why: Sentence) -> Owed:
        """Its owner is asked; `telling.pay` brings them the question."""
        is_unknown = not one.reminder.to_unsure and not self.knows(campaign, self.telling.clock.now())
        asked = planning.changed(campaign, one.number, unknown=is_unknown)
        held = rules.move(asked, State.HELD, why=why, asks_about=one.number)
        said = sentence("reminders.said.held", name=held.name, number=one.number, why=why)
        wake_at = planning.wake_at(held, self.telling.clock.now())
        return self.telling.advance(held, campaign.revision, wake_at, said, asks=True)

    def give_up(self, campaign: Campaign, now: datetime) -> None:
        """Nobody answered before its questionnaire closed: nothing is left to be asked."""
        is_copied = campaign.why is not None and campaign.why.key == "storage.why.copied"  # it may have left
        if is_copied or planning.is_half(campaign) or not planning.is_closed(campaign, now):
            wake_at = planning.wake_at(campaign, now)
            self.store.campaigns.advance(campaign.workspace, campaign, campaign.revision, wake_at)
            return
        assert campaign.closing_at is not None
        number = campaign.asks_about
        passed = planning.changed(campaign, number, skipped=True)
        over = rules.move(passed, State.SENT, why=None, asks_about=0)
        said = sentence(
            "reminders.said.over", name=over.name, number=number, moment=campaign.closing_at
        )  # fmt: skip
        self.telling.pay(self.telling.advance(over, campaign.revision, planning.wake_at(over, now), said))

    def _pass_over(self, campaign: Campaign, one: Planned, now: datetime) -> None:
        """Everybody has answered, or must not be written to: there is no letter to send."""
        passed = planning.changed(campaign, one.number, skipped=True)
        said = sentence("reminders.said.nobody", name=campaign.name, number=one.number)
        wake_at = planning.wake_at(passed, now)
        self.telling.pay(self.telling.advance(passed, campaign.revision, wake_at, said))

    def leave(self, campaign: Campaign, number: int, now: datetime) -> Campaign:
        """The move first, which nobody can undo; whoever sends then opens its wave. Raises Unreadable where
        that could not be done."""
        wholeness.look(self.store, campaign)
        left = planning.changed(campaign, number, wave=campaign.wave + 1, left_at=now)
        going = rules.move(left, State.SENDING, ended_at=None, why=None, asks_about=0)
        self.store.campaigns.advance(campaign.workspace, going, campaign.revision, wake_at=now)
        return going

    def is_unopened(self, campaign: Campaign) -> bool:
        """A reminder on its way, whose wave was not opened: nothing of it has left."""
        return wholeness.is_unopened(self.store, campaign)

    def ask_anew(self, campaign: Campaign, why: Sentence) -> Owed:
        """Of such a one its owner is asked as before it was to leave: what keeps it back does so again."""

        def last(fold: Fold) -> datetime | None:
            return max((wave.last_claim for wave in fold.waves if wave.last_claim), default=fold.last_at)

        ended_at = self.store.ledgers.read(campaign.workspace, campaign.id, last)
        back, one = planning.taken_back(campaign, ended_at)
        return self.hold(back, one, why)

    def removed(self, campaign: Campaign, now: datetime) -> dict[str, tuple[int, ...]]:
        """Who gets no reminder at this minute, by cause: recipients' numbers."""
        workspace = campaign.workspace
        found = self.store.ledgers.read(workspace, campaign.id, lambda fold: silent.removed(fold, now))
        return found | self.suppressed(campaign)

    def suppressed(self, campaign: Campaign) -> dict[str, tuple[int, ...]]:
        """Who of its audience must not be written to, whatever its own letters told."""
        known = (one.address for one in self.store.suppressions.all(campaign.workspace))
        numbers = sorted(self.store.campaigns.among(campaign.workspace, campaign, known).values())
        return {silent.SUPPRESSED: tuple(numbers)} if numbers else {}

    def outlook(self, campaign: Campaign, now: datetime) -> Outlook:
        """Whom a reminder would reach at this minute, and whom it leaves out."""
        return silent.outlook(campaign.audience_size, self.removed(campaign, now))
