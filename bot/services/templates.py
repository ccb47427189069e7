"""Templates: kept from a letter, offered for the next one, renamed, shared, thrown away."""

import threading
from dataclasses import dataclass, field, replace

from bot import ports
from bot.core import templates as rules
from bot.core.ids import TemplateId, new_template_id
from bot.core.people import Language, Member
from bot.core.sentences import Refusal
from bot.core.templates import Template, Words
from bot.services.log import note
from bot.services.people import People


@dataclass(frozen=True, kw_only=True, slots=True)
class Offered:
    """What somebody may start from, beside what is shipped; newest first."""

    mine: tuple[Template, ...] = ()
    shared: tuple[Template, ...] = ()  # by others, with the whole workspace


@dataclass(frozen=True, kw_only=True)
class Templates:
    store: ports.Store
    people: People
    clock: ports.Clock
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def offered(self, member: Member) -> Offered:
        known = self.store.templates.all(member.workspace)
        shared = [one for one in known if one.shared and one.owner != member.id]
        return Offered(
            mine=tuple(one for one in known if one.owner == member.id),
            shared=tuple(shared[: rules.OFFERED]),
        )

    def get(self, member: Member, template_id: str) -> Template:
        """To start from. Raises Refusal for one that is gone and for one that is not theirs to see, in the
        same words."""
        found = self._found(member, template_id)
        if found.owner != member.id and not found.shared:
            raise Refusal("templates.gone")
        return found

    def own(self, member: Member, template_id: str) -> Template:
        found = self._found(member, template_id)
        if found.owner != member.id:
            raise Refusal("templates.gone")
        return found

    def _found(self, member: Member, template_id: str) -> Template:
        self.people.require(member)
        try:
            return self.store.templates.get(member.workspace, TemplateId(template_id))
        except ports.Missing:
            raise Refusal("templates.gone") from None

    def keep(
        self, member: Member, title: str, language: Language, words: Words, *, shared: bool = False
    ) -> Template:
        """In place of one's own of the same name and language."""
        self.people.require(member)
        named = rules.check_title(title)
        with self._lock:
            mine = self.offered(member).mine
            same = rules.of_that_name(mine, named, language)
            if same:
                return self._change(same, title=named, words=words, shared=shared)
            if len(mine) >= rules.MOST:
                raise Refusal("templates.full", field="title", most=rules.MOST)
            kept = Template(
                workspace=member.workspace, id=new_template_id(), owner=member.id, title=named,
                language=language, words=words, created_at=self.clock.now(), shared=shared,
            )  # fmt: skip
            self.store.templates.add(member.workspace, kept)
        note(self.store, self.clock.now(), member, "template kept", kept.id)
        return kept

    def rename(
        self, member: Member, template_id: str, expected: int, title: str, *, shared: bool
    ) -> Template:
        """Raises Stale where another window was first, Refusal at the title where it is taken."""
        named = rules.check_title(title)
        with self._lock:
            known = self.own(member, template_id)
            same = rules.of_that_name(self.offered(member).mine, named, known.language)
            if same and same.id != known.id:
                raise Refusal("templates.title.taken", field="title", title=named)
            return self._change(replace(known, revision=expected), title=named, shared=shared)

    def remove(self, member: Member, template_id: str) -> Template:
        """The letters made from it stay as they are."""
        known = self.own(member, template_id)
        self.store.templates.remove(member.workspace, known.id)
        note(self.store, self.clock.now(), member, "template removed", known.id)
        return known

    def _change(self, known: Template, **changes: object) -> Template:
        changed = replace(known, revision=known.revision + 1, **changes)  # type: ignore[arg-type]
        if changed == replace(known, revision=changed.revision):
            return known
        self.store.templates.save(known.workspace, changed, known.revision)
        return changed
