"""Who objects is not written to again; who takes that back is, by a deliberate act that is noted."""

from dataclasses import dataclass

from bot import ports
from bot.core import rights as rules
from bot.core.addresses import hash_of, in_hex
from bot.core.discretion import masked
from bot.core.exclusions import Origin
from bot.core.log import SUPPRESSIONS
from bot.core.people import Member, called, is_admin
from bot.core.rights import Standing
from bot.core.sentences import Refusal, Sentence, sentence
from bot.core.suppressions import Cause, Suppression
from bot.services.exclusions import origins
from bot.services.log import note

NAMED = 3  # people


@dataclass(frozen=True, kw_only=True)
class Rights:
    store: ports.Store
    messenger: ports.Messenger
    clock: ports.Clock
    policy: ports.Policy

    def is_admin(self, member: Member) -> bool:
        return is_admin(member, tuple(self.policy.admins))

    def stop(self, member: Member, typed: str) -> Sentence:
        """The address is not written to any more, by any campaign; what came of it."""
        address, now = rules.address_in(typed), self.clock.now()
        objected = Suppression(address=address, cause=Cause.OBJECTED, at=now, origin=member.id)
        if not self.store.suppressions.add(member.workspace, objected):
            return sentence("rights.stop.already", address=address)
        note(self.store, now, member, "objected", SUPPRESSIONS, person=self.name(address))
        return sentence("rights.stop.done", address=address)

    def standing(self, member: Member, typed: str) -> Standing:
        """What would be lifted. Raises Refusal where nothing is, or this member may not."""
        address = rules.address_in(typed)
        found = self._liftable(member, address)
        origin, name = origins(self.store, member).get(found.origin, (Origin.UNKNOWN, ""))
        return Standing(address=address, cause=found.cause, at=found.at, origin=origin, name=name)

    def resume(self, member: Member, address: str, typed: str) -> Sentence:
        """The address may be written to again. The mail service's own lists are told to who looks after the
        bot: we write nothing into them, and take nothing out."""
        reason, now = rules.reason_in(typed), self.clock.now()
        found = self._liftable(member, address)
        if self.store.suppressions.lift(member.workspace, address, now) is None:
            raise Refusal("rights.resume.none", address=address)
        note(
            self.store, now, member, "lifted", SUPPRESSIONS, cause=found.cause.value, reason=masked(reason),
            person=self.name(address),
        )  # fmt: skip
        if found.cause is Cause.OBJECTED:
            return sentence("rights.resume.done", address=address)
        self._tell_admins(member, address)
        return sentence("rights.resume.done_and_service", address=address)

    def name(self, address: str) -> str:
        """What the log knows somebody by."""
        return in_hex(hash_of(self.store.secret("addresses"), address))

    def _liftable(self, member: Member, address: str) -> Suppression:
        found = self.store.suppressions.among(member.workspace, [address]).get(address)
        if found is None:
            raise Refusal("rights.resume.none", address=address)
        if not rules.may_lift(member, found, is_admin=self.is_admin(member)):
            raise Refusal("rights.resume.admins", who=self.whom_to_ask(member))
        return found

    def whom_to_ask(self, member: Member) -> Sentence:
        """Those who look after the bot, as far as they are known."""
        named = [f"@{called(one)}" for one in self._met(member)]
        if not named:
            return sentence("rights.ask.slack")
        return sentence(
            "rights.ask.people", who=", ".join(named[:NAMED]) + ("…" if len(named) > NAMED else "")
        )

    def _met(self, member: Member) -> list[Member]:
        return [one for one in self.store.people.all(member.workspace) if self.is_admin(one)]

    def _tell_admins(self, member: Member, address: str) -> None:
        """Beside the one who did it. In their own DM: the address is theirs to see."""
        said = sentence("rights.resume.admin", who=f"@{called(member)}", address=address)
        for admin in self._met(member):
            if admin.id != member.id:
                try:
                    self.messenger.say(admin, said)
                except ports.Unreachable:  # who did it was told the same
                    continue
