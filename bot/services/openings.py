"""Whether letters tell when they are opened: off, until somebody who looks after the bot says that their
readers consented. Letters that have left stay as they left."""

from dataclasses import dataclass, replace

from bot import ports
from bot.core.ids import MemberId
from bot.core.people import Member, called, is_admin
from bot.core.sentences import Refusal
from bot.core.spaces import Openings, Space
from bot.services.log import note


@dataclass(frozen=True, kw_only=True)
class Counting:
    store: ports.Store
    clock: ports.Clock
    policy: ports.Policy

    def state(self, admin: Member) -> tuple[Openings, str] | None:
        """Who switched it on, what they are called, and when; None where it is off."""
        self._require(admin)
        openings = self.store.spaces.get(admin.workspace).openings
        if openings is None:
            return None
        known = self.store.people.get(admin.workspace, MemberId(openings.by))
        return openings, called(known) if known else openings.by

    def switch(self, admin: Member, *, on: bool) -> None:
        """For campaigns that leave from now on; as it is already, nothing changes."""
        self._require(admin)
        now, is_news = self.clock.now(), False

        def switched(space: Space) -> Space:
            nonlocal is_news
            is_news = on is (space.openings is None)
            if not is_news:
                return space
            return replace(space, openings=Openings(by=admin.id, at=now) if on else None)

        self.store.spaces.change(admin.workspace, switched)
        if is_news:
            note(self.store, now, admin, "openings_on" if on else "openings_off", "openings")

    def _require(self, admin: Member) -> None:
        if not is_admin(admin, tuple(self.policy.admins)):
            raise Refusal("openings.admins")
