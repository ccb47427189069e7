"""Whom a draft reaches, over the real storage: several lists, chains, and those written to lately."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from bot.core import campaigns as rules
from bot.core import facts, lines, planning
from bot.core.addresses import canonical, hash_of, in_hex
from bot.core.campaigns import Campaign, State, When
from bot.core.contacts import Contact
from bot.core.ids import CampaignId, ListId, MemberId, WorkspaceId
from bot.core.letters import Sender
from bot.core.lists import Access, ContactList, Report, Shared
from bot.core.people import Language, Member
from bot.core.reminders import Reminder
from bot.core.rolls import token
from bot.core.selection import Cause, Condition, Kind, Selection
from bot.core.sentences import Refusal, Stale
from bot.core.suppressions import Cause as Why
from bot.core.suppressions import Suppression
from bot.ports import Store
from bot.services.audiences import Audiences
from bot.services.facets import Facets
from bot.services.frequency import Frequency
from bot.services.lists import Lists
from storage import open_store
from tests.services.mailroom import ANNA, NOON, NOVA, OWNER, POLICY, Clock, Wall

BORIS = Member(workspace=NOVA, id=MemberId("U2"))
WEEK = 7


class Office:
    """Lists, campaigns and what counts them."""

    def __init__(self, store: Store) -> None:
        self.store, self.clock = store, Clock()
        self.lists = Lists(
            store=store, exporter=cast("Any", None), messenger=cast("Any", Wall()), clock=self.clock
        )
        self.facets = Facets(store=store, lists=self.lists)
        self.frequency = Frequency(store=store, policy=replace(POLICY, frequency_days=WEEK))
        self.audiences = Audiences(
            store=store, lists=self.lists, facets=self.facets, frequency=self.frequency, clock=self.clock
        )

    def keeps(
        self, name: str, *people: Contact, extras: Sequence[str] = (), workspace: WorkspaceId = NOVA
    ) -> ContactList:
        kept = ContactList(
            workspace=workspace, id=ListId(f"lst_{name}"), owner=ANNA, title=name, created_at=NOON,
            report=Report(rows=len(people), accepted=len(people), extras=tuple(extras)), source_file=name,
        )  # fmt: skip
        return self.store.lists.add(workspace, kept, self.written(*people))

    def written(self, *people: Contact) -> Path:
        staging = self.store.staging()
        staging.write_bytes(lines.header("list") + lines.encode_all(one.to_line() for one in people))
        return staging

    def replaces(self, known: ContactList, *people: Contact) -> ContactList:
        renewed = replace(
            known, version=known.version + 1, latest=known.latest + 1, revision=known.revision + 1,
            report=replace(known.report, rows=len(people), accepted=len(people)),
        )  # fmt: skip
        return self.store.lists.renew(known.workspace, renewed, known.revision, self.written(*people))

    def drafts(self, name: str, contact_list: ContactList, **changes: Any) -> Campaign:
        draft = Campaign(
            workspace=contact_list.workspace, id=CampaignId(f"cmp_{name}"), seed="5eed",
            created_at=NOON, name=name, language=Language.FRENCH, zone="Europe/Paris",
            sender=Sender(address="a@nova.example"), list_id=contact_list.id,
            **{"when": When.NOW, "owner": ANNA, **changes},
        )  # fmt: skip
        self.store.campaigns.add(contact_list.workspace, draft)
        return draft

    def schedules(self, draft: Campaign, *people: Contact) -> Campaign:
        audience = self.store.campaigns.fix_audience(draft.workspace, draft.id, people)
        due = rules.move(
            draft, State.SCHEDULED, audience=audience, audience_size=len(people), send_at=self.clock.at
        )
        self.store.campaigns.advance(draft.workspace, due, draft.revision, None)
        return due

    def sends(self, draft: Campaign, *people: Contact, size: int = 1, left: int = 0, **wave: Any) -> Campaign:
        """`left` batches stay pending."""
        due, at = self.schedules(draft, *people), self.clock.at
        sending = rules.move(due, State.SENDING, departed_at=at)
        self.store.campaigns.advance(draft.workspace, sending, due.revision, None)
        self.notes(
            sending, facts.WaveOpened(wave=0, at=at, audience_size=len(people), batch_size=size, **wave)
        )
        batches = self.store.ledgers.read(draft.workspace, draft.id, lambda fold: len(fold.waves[0].states))
        for batch in range(batches - left):
            self.notes(sending, facts.Claimed(wave=0, batch=batch, at=at))
            self.notes(sending, facts.Accepted(wave=0, batch=batch, at=at, message_id="m"))
        return sending

    def becomes(self, campaign: Campaign, state: State) -> Campaign:
        ended = rules.move(campaign, state, ended_at=self.clock.at)
        self.store.campaigns.advance(campaign.workspace, ended, campaign.revision, None)
        return ended

    def notes(self, campaign: Campaign, fact: facts.Fact) -> None:
        assert self.store.ledgers.append(campaign.workspace, campaign.id, fact)

    def suppresses(self, contact: Contact) -> None:
        gone = Suppression(address=canonical(contact.email), cause=Why.UNSUBSCRIBED, at=NOON, origin="")
        assert self.store.suppressions.add(NOVA, gone)

    def reads(self, draft: Campaign) -> list[str]:
        return [one.first_name for one in self.audiences.people(OWNER, draft)]

    def hex(self, contact: Contact) -> str:
        return in_hex(hash_of(self.store.secret("addresses"), contact.email))


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    store = open_store(f"tinydb:{tmp_path / 'data'}")
    yield Office(store)
    store.close()


def person(name: str, row: int = 2, **values: Any) -> Contact:
    return Contact(row=row, email=f"{name}@exemple.fr", first_name=name, **values)


A, B, C, D, E = (person(name) for name in "abcde")
EVERYBODY = (A, B, C, D, E)


def test_several_lists_are_one_audience(office: Office) -> None:
    first = office.keeps("un", replace(A, extras=("VIP",)), B, extras=("Segment",))
    other = office.keeps("deux", person("C", extras=("3", "Or")), replace(A, email="A@Exemple.FR"),
                         extras=("Code", "Segment"))  # fmt: skip
    draft = office.drafts("x", first, selection=Selection(others=(other.id,)))
    reach = office.audiences.reach(OWNER, draft)
    assert (reach.total, reach.count, reach.left_out) == (4, 3, {Cause.DUPLICATE: 1})
    assert office.audiences.columns(OWNER, draft) == ("Segment", "Code")
    people = list(office.audiences.people(OWNER, draft))
    assert [one.first_name for one in people] == ["a", "b", "C"]
    assert [one.extras for one in people] == [("VIP", ""), ("", ""), ("Or", "3")]
    assert office.audiences.blanks(OWNER, draft, ("Segment", "Code", "first_name")) == {
        "Segment": 1, "Code": 2, "first_name": 0,
    }  # fmt: skip


def test_suppressed_people_are_counted_out_and_left_to_the_departure(office: Office) -> None:
    kept = office.keeps("un", *EVERYBODY)
    office.suppresses(B)
    draft = office.drafts("x", kept)
    assert office.audiences.reach(OWNER, draft).left_out == {Cause.SUPPRESSED: 1}
    assert office.reads(draft) == list("abcde")
    pilot = replace(draft, selection=Selection(kind=Kind.PILOT, pilot=5, seed="s"))
    assert office.audiences.reach(OWNER, pilot).count == 4
    assert office.reads(pilot) == list("acde"), "a pilot is drawn of those who may get it"


def test_whom_another_campaign_wrote_to_within_the_week(office: Office) -> None:
    kept = office.keeps("un", *EVERYBODY)
    office.sends(office.drafts("before", kept), A, B, removed={"suppressed": (1,)})
    draft = office.drafts("x", kept)
    reach = office.audiences.reach(OWNER, draft)
    assert reach.left_out == {Cause.RECENT: 1}, "B was left out there"
    assert reach.recent == 1
    keeping = replace(draft, selection=Selection(keeps_recent=True))
    assert office.audiences.reach(OWNER, keeping).count == 5
    leaves_later = replace(draft, when=When.LATER, send_at=NOON + timedelta(days=8))
    assert office.audiences.reach(OWNER, leaves_later).recent == 0, "by then it is no longer lately"
    office.clock.at = NOON + timedelta(days=6, hours=23)
    assert office.audiences.reach(OWNER, draft).recent == 1
    office.clock.at = NOON + timedelta(days=7, minutes=1)
    assert office.audiences.reach(OWNER, draft).recent == 0


@pytest.mark.parametrize("state", [State.SENDING, State.PAUSED, State.HELD])
def test_who_is_still_to_be_written_to_by_a_campaign_that_goes_on(office: Office, state: State) -> None:
    """At a pace of a few an hour, or begun at the same moment and not one letter gone."""
    kept = office.keeps("un", *EVERYBODY)
    paced = office.sends(office.drafts("paced", kept), A, B, C, left=2, per_hour=200)
    begun = office.sends(office.drafts("begun", kept), D, left=1)
    for campaign in (paced, begun) if state is not State.SENDING else ():
        changed = rules.move(campaign, state)
        office.store.campaigns.advance(NOVA, changed, campaign.revision, None)
    draft = office.drafts("x", kept)
    assert office.audiences.reach(OWNER, draft).left_out == {Cause.RECENT: 4}
    leaving = office.schedules(draft, *EVERYBODY)
    assert office.frequency.to_remove(leaving, NOON) == {"recent": (0, 1, 2, 3)}
    office.becomes(office.store.campaigns.get(NOVA, paced.id), State.STOPPED)
    assert office.frequency.to_remove(leaving, NOON) == {"recent": (0, 3)}, "what was pending never leaves"


def test_whom_a_campaign_that_is_scheduled_will_have_written_to(office: Office) -> None:
    """Known while one composes what leaves after it; at departure only what was done counts."""
    kept = office.keeps("un", *EVERYBODY)
    office.clock.at = NOON + timedelta(days=2)
    first = office.schedules(office.drafts("first", kept), A, B)
    office.clock.at = NOON

    def left_out(send_at: datetime, **changes: Any) -> int:
        draft = replace(drafted, when=When.LATER, send_at=send_at, **changes)
        reach = office.audiences.reach(OWNER, draft)
        assert reach.recent == 0, "nobody was written to yet"
        return reach.left_out.get(Cause.PLANNED, 0)

    drafted = office.drafts("x", kept)
    leaves = NOON + timedelta(days=2)
    assert left_out(leaves + timedelta(minutes=1)) == 2
    assert left_out(leaves) == 2
    assert left_out(leaves - timedelta(minutes=1)) == 0
    assert left_out(leaves + timedelta(days=8)) == 0
    assert left_out(leaves, follows=first.id) == 0, "of one chain nobody is asked when it was"
    assert office.frequency.to_remove(office.schedules(drafted, *EVERYBODY), leaves) == {}


def test_of_two_at_the_same_moment_the_one_scheduled_first_keeps_its_people(office: Office) -> None:
    """As they leave: a draft comes last."""
    kept = office.keeps("un", *EVERYBODY)
    moment = NOON + timedelta(days=2)

    def scheduled(name: str, at: datetime, *people: Contact) -> Campaign:
        due = office.schedules(office.drafts(name, kept, when=When.LATER), *people)
        timed = rules.edit(due, scheduled_at=at, send_at=moment)
        office.store.campaigns.advance(NOVA, timed, due.revision, moment)
        return timed

    second = scheduled("a", NOON + timedelta(hours=1), *EVERYBODY)
    first = scheduled("b", NOON, A, B)
    third = scheduled("c", NOON + timedelta(hours=1), C)
    draft = office.drafts("x", kept, when=When.LATER, send_at=moment)

    def foreseen(campaign: Campaign) -> tuple[int, tuple[str, ...]]:
        reach = office.audiences.reach(OWNER, campaign)
        return reach.planned, reach.planned_by

    assert foreseen(first) == (0, ())
    assert foreseen(second) == (2, ("b",))
    assert foreseen(third) == (5, ("b", "a")), "at the very same instant, by their names"
    assert foreseen(draft) == (5, ("b", "a", "c"))
    assert [one for _, one in office.store.campaigns.due(moment)] == [first.id, second.id, third.id]
    assert office.frequency.to_remove(first, moment) == {}
    sending = rules.move(first, State.SENDING, departed_at=moment)
    office.store.campaigns.advance(NOVA, sending, first.revision, None)
    office.notes(first, facts.WaveOpened(wave=0, at=moment, audience_size=2))
    assert office.frequency.to_remove(second, moment) == {"recent": (0, 1)}, "as it was foreseen"


def test_who_will_be_written_to_is_told_with_the_names_of_ones_own_campaigns(office: Office) -> None:
    kept = office.keeps("un", *EVERYBODY)
    office.lists.share(OWNER, kept.id, kept.revision, Shared(use=(BORIS.id,)))
    kept = office.store.lists.get(NOVA, kept.id)
    office.schedules(office.drafts("hers", kept), A, B)
    office.sends(office.drafts("lately", kept), B, C)
    his = office.drafts("x", kept, owner=BORIS.id)
    for draft, member, name in ((office.drafts("y", kept), OWNER, "hers"), (his, BORIS, "")):
        reach = office.audiences.reach(member, draft)
        assert (reach.recent, reach.planned, reach.planned_by) == (2, 1, (name,))
        assert reach.left_out == {Cause.RECENT: 2, Cause.PLANNED: 1}, "each for the first cause"
        assert reach.count == 2
        keeping = replace(draft, selection=Selection(keeps_recent=True))
        assert office.audiences.reach(member, keeping).count == 5


def test_a_reminder_that_is_planned_is_foreseen(office: Office) -> None:
    """Only to those who are silent, and only where it leaves before."""
    kept = office.keeps("un", *EVERYBODY)
    started = office.drafts("before", kept, reminders=(Reminder(days=8),))
    sent = office.becomes(office.sends(started, A, B, C), State.SENT)
    answered = facts.Events(wave=0, items=((1, int(facts.Happened.ANSWERED), int(NOON.timestamp())),))
    office.store.ledgers.learn(NOVA, sent.id, [answered])
    office.clock.at = NOON + timedelta(days=8)
    reminder = planning.coming(office.store.campaigns.get(NOVA, sent.id))
    assert reminder is not None
    for late, people in ((-1, 0), (1, 2), (24 * 8, 0)):
        moment = reminder.moment + timedelta(hours=late)
        draft = office.drafts(f"x{late}", kept, when=When.LATER, send_at=moment)
        reach = office.audiences.reach(OWNER, draft)
        assert (reach.recent, reach.planned) == (0, people), late
    resting = rules.edit(office.store.campaigns.get(NOVA, sent.id), rests=True)
    office.store.campaigns.advance(NOVA, resting, sent.revision, None)
    moment = reminder.moment + timedelta(hours=1)
    draft = office.drafts("y", kept, when=When.LATER, send_at=moment)
    assert office.audiences.reach(OWNER, draft).planned == 0, "its reminders rest"


def test_a_reminder_counts_where_its_departure_is_long_ago_by_then(office: Office) -> None:
    kept = office.keeps("un", *EVERYBODY)
    due = office.schedules(office.drafts("first", kept, reminders=(Reminder(days=8),)), A, B)
    reminder = planning.ahead(due, NOON)[0]
    moment = reminder.moment + timedelta(hours=1)
    assert moment - NOON > timedelta(days=WEEK)
    draft = office.drafts("x", kept, when=When.LATER, send_at=moment)
    assert office.audiences.reach(OWNER, draft).planned == 2


def test_a_letter_that_may_have_left_was_written(office: Office) -> None:
    kept = office.keeps("un", *EVERYBODY)
    sent = office.sends(office.drafts("before", kept), *EVERYBODY, left=3)
    office.notes(sent, facts.Claimed(wave=0, batch=2, at=NOON))
    office.notes(sent, facts.Uncertain(wave=0, batch=2, at=NOON, why="timeout"))
    draft = office.drafts("x", kept)
    assert office.audiences.reach(OWNER, draft).recent == 5, "two letters are still to leave"
    office.becomes(sent, State.STOPPED)
    assert office.audiences.reach(OWNER, draft).recent == 3
    office.clock.at = NOON + timedelta(days=8)
    assert office.audiences.reach(OWNER, draft).recent == 0


def test_a_reminder_counts_like_an_invitation(office: Office) -> None:
    """Only whom it was sent to, and from its own moment on."""
    kept = office.keeps("un", *EVERYBODY)
    invited = office.sends(office.drafts("before", kept), A, B, C)
    sent = office.becomes(office.store.campaigns.get(invited.workspace, invited.id), State.SENT)
    office.clock.at = at = NOON + timedelta(days=8)
    draft = office.drafts("x", kept)
    assert office.audiences.reach(OWNER, draft).recent == 0
    reminding = rules.move(sent, State.SENDING)
    office.store.campaigns.advance(sent.workspace, reminding, sent.revision, None)
    answered = {"answered": (0, 2)}
    office.notes(sent, facts.WaveOpened(wave=1, at=at, audience_size=3, batch_size=1, removed=answered))
    office.notes(sent, facts.Claimed(wave=1, batch=0, at=at))
    assert office.audiences.reach(OWNER, draft).recent == 1
    office.notes(sent, facts.Accepted(wave=1, batch=0, at=at, message_id="m"))
    office.becomes(reminding, State.SENT)
    assert office.audiences.reach(OWNER, draft).recent == 1
    office.clock.at = at + timedelta(days=7, minutes=1)
    assert office.audiences.reach(OWNER, draft).recent == 0


@pytest.mark.parametrize("many", [0, 1, 4, 5])
def test_however_many_of_them_it_was(office: Office, many: int) -> None:
    """Few are looked up one by one, most by those who are missing."""
    kept = office.keeps("un", *EVERYBODY)
    sent = office.sends(office.drafts("before", kept), *EVERYBODY, left=5 - many)
    office.becomes(sent, State.STOPPED)
    draft = office.drafts("x", kept)
    for _ in range(2):
        assert office.audiences.reach(OWNER, draft).recent == many


def test_ones_own_try_keeps_nobody_from_a_letter(office: Office) -> None:
    kept = office.keeps("un", A)
    office.sends(office.drafts("try", kept, to_myself=True), A)
    assert office.audiences.reach(OWNER, office.drafts("x", kept)).recent == 0
    office.sends(office.drafts("real", kept), A)
    assert office.audiences.reach(OWNER, office.drafts("again", kept, to_myself=True)).recent == 0


def test_nobody_counts_the_days_where_the_setting_says_zero(office: Office) -> None:
    kept = office.keeps("un", A)
    office.sends(office.drafts("before", kept), A)
    office.frequency = Frequency(store=office.store, policy=replace(POLICY, frequency_days=0))
    audiences = replace(office.audiences, frequency=office.frequency)
    assert audiences.reach(OWNER, office.drafts("x", kept)).recent == 0


def test_more_people_are_those_whom_the_chain_has_not_invited(office: Office) -> None:
    kept = office.keeps("un", *EVERYBODY)
    first = office.sends(office.drafts("first", kept), A, B, C, removed={"suppressed": (1,)}, left=1)
    draft = office.drafts("more", kept, follows=first.id)
    reach = office.audiences.reach(OWNER, draft)
    assert reach.left_out == {Cause.INVITED: 2}, "A has the letter, C gets it yet; B was left out"
    assert reach.recent == 0, "the chain's own letters are no reason of their own"
    assert office.reads(draft) == ["b", "d", "e"]
    office.schedules(office.drafts("second", kept, follows=first.id), D)
    assert office.reads(draft) == ["b", "e"], "a scheduled one will have invited them"
    office.becomes(first, State.STOPPED)
    assert office.reads(draft) == ["b", "c", "e"], "what was stopped goes to nobody any more"


def test_what_the_departure_takes_out(office: Office) -> None:
    kept = office.keeps("un", *EVERYBODY)
    first = office.sends(office.drafts("first", kept), B)
    office.sends(office.drafts("other", kept), C, D)
    leaving = office.schedules(office.drafts("more", kept, follows=first.id), *EVERYBODY)
    assert office.frequency.to_remove(leaving, NOON) == {"invited": (1,), "recent": (2, 3)}
    keeping = replace(leaving, selection=Selection(keeps_recent=True))
    assert office.frequency.to_remove(keeping, NOON) == {"invited": (1,)}
    assert office.frequency.to_remove(replace(keeping, follows=None), NOON) == {}


def test_another_workspace_knows_nothing_of_it(office: Office) -> None:
    elsewhere = WorkspaceId("T2")
    there = office.keeps("un", A, workspace=elsewhere)
    office.sends(office.drafts("there", there), A)
    here = office.keeps("ici", A)
    assert office.audiences.reach(OWNER, office.drafts("x", here)).count == 1
    stranger = office.drafts("y", here, selection=Selection(others=(there.id,)))
    with pytest.raises(Refusal) as refused:
        office.audiences.reach(OWNER, replace(stranger, selection=Selection(only=ListId("lst_nobody"))))
    assert refused.value.field == "only"


def test_a_list_that_is_gone_is_named_at_its_field(office: Office) -> None:
    first, other = office.keeps("un", A), office.keeps("deux", B)
    draft = office.drafts("x", first, selection=Selection(others=(other.id,)))
    office.lists.delete(OWNER, other.id, other.revision)
    with pytest.raises(Refusal) as refused:
        office.audiences.reach(OWNER, draft)
    assert (refused.value.field, refused.value.sentence.key) == ("lists", "lists.deleted")
    look = office.audiences.look(OWNER, draft)
    assert look.refusal is not None
    assert (look.chosen, look.others, look.reach) == (first, (), None)


def test_a_list_replaced_meanwhile_is_read_anew(office: Office) -> None:
    kept = office.keeps("un", A, B)
    draft = office.drafts("x", kept)
    assert office.audiences.reach(OWNER, draft).count == 2
    reading = office.audiences.people(OWNER, draft)
    next(reading)
    office.replaces(kept, *EVERYBODY)
    with pytest.raises(Stale):
        list(reading)
    assert office.audiences.reach(OWNER, draft).count == 5
    assert office.reads(draft) == list("abcde")


def test_a_list_that_is_lent_narrows_no_choice(office: Office) -> None:
    secret = office.keeps("un", A, B)
    office.lists.share(OWNER, secret.id, secret.revision, Shared(use=(BORIS.id,)))
    guess = office.keeps("deux", B, C)
    office.lists.share(OWNER, guess.id, guess.revision, Shared(manage=(BORIS.id,)))
    for kind in Kind:
        draft = office.drafts(kind.value, guess, selection=Selection(kind=kind, only=secret.id))
        with pytest.raises(Refusal, match=r"only\.closed") as refused:
            office.audiences.sources(BORIS, draft)
        assert refused.value.field == "only"
        assert office.audiences.look(BORIS, draft).reach is None
    ours = office.drafts("y", guess, selection=Selection(only=secret.id))
    assert office.audiences.reach(OWNER, ours).count == 1


def test_who_may_only_use_a_list_gets_counts(office: Office) -> None:
    kept = office.keeps("un", person("a", company="Nova"), B)
    office.lists.share(OWNER, kept.id, kept.revision, Shared(use=(BORIS.id,)))
    draft = office.drafts("x", kept)
    assert office.audiences.reach(BORIS, draft).count == 2
    assert office.facets.values(BORIS, draft, "company", "") == []
    assert office.facets.people(BORIS, draft, "") == []
    assert not office.facets.offer(BORIS, draft).is_open
    for kind in (Kind.FILTER, Kind.EXCEPT, Kind.PICK):
        choosing = replace(
            draft, selection=Selection(kind=kind, where=(Condition(column="company", values=("Nova",)),))
        )
        with pytest.raises(Refusal) as refused:
            office.audiences.reach(BORIS, choosing)
        assert refused.value.field == "audience"
    shared = office.store.lists.get(NOVA, kept.id)
    office.lists.share(OWNER, kept.id, shared.revision, Shared(everybody=Access.MANAGE))
    assert office.facets.values(BORIS, draft, "company", "no") == [("Nova", 1)]


def test_values_of_several_lists_are_counted_together(office: Office) -> None:
    first = office.keeps("un", *(person(f"p{n}", company="Nova") for n in range(3)), person("z"))
    other = office.keeps("deux", *(person(f"q{n}", company="Acme") for n in range(4)),
                         person("r", company="nova "))  # fmt: skip
    draft = office.drafts("x", first, selection=Selection(others=(other.id,)))
    assert office.facets.values(OWNER, draft, "company", "") == [("Nova", 4), ("Acme", 4), ("", 1)]
    assert office.facets.values(OWNER, draft, "company", "ac") == [("Acme", 4)]
    assert office.facets.values(OWNER, draft, "forged", "") == []
    assert office.facets.offer(OWNER, draft).fields == ("company",)


def test_people_are_found_by_name_or_address_and_stay_nameless_in_the_record(office: Office) -> None:
    zoe = Contact(row=3, email="z.noel@exemple.fr", first_name="Zoé", last_name="Noël")
    kept = office.keeps("un", A, zoe)
    draft = office.drafts("x", kept)
    for query in ("zoe", "NOEL", "noël zoé", "z.no"):
        assert [one.name for one in office.facets.people(OWNER, draft, query)] == ["Zoé Noël"]
    picking = replace(draft, selection=Selection(kind=Kind.PICK, people=(office.hex(zoe), "0" * 16)))
    assert [one.email for one in office.facets.named(OWNER, picking)] == [zoe.email]
    assert office.audiences.reach(OWNER, picking).count == 1


def test_a_choice_is_taken_as_far_as_it_means_anything(office: Office) -> None:
    long = "v" * 400
    kept = office.keeps("un", person("a", company=long, extras=("1",)), extras=("C" * 300,))
    draft = office.drafts("x", kept)
    where = (
        Condition(column="company", values=(token(long), token("Nova"), "#forged")),
        Condition(column=token("C" * 300), values=("=1",)),
        Condition(column="#forged", values=("=1",)),
    )
    chosen = Selection(kind=Kind.FILTER, where=where, others=(kept.id,), people=("0" * 16,) * 30)
    known = office.audiences.taken(OWNER, draft, kept.id, chosen).selection
    assert known.where[0].values == (long, "Nova")
    assert known.where[1] == Condition(column="C" * 300, values=("1",))
    assert len(known.where) == 2
    assert known.others == ()
    assert len(known.people) == 20
    pilot = office.audiences.taken(OWNER, draft, kept.id, Selection(kind=Kind.PILOT, pilot=3)).selection
    assert pilot.seed


@pytest.mark.parametrize(
    ("selection", "field", "key"),
    [
        (Selection(kind=Kind.FILTER), "audience", "recipients.unsettled.filter"),
        (Selection(kind=Kind.EXCEPT), "audience", "recipients.unsettled.except"),
        (Selection(kind=Kind.PICK), "audience", "recipients.unsettled.pick"),
        (Selection(kind=Kind.PILOT), "pilot", "recipients.pilot.empty"),
        (Selection(kind=Kind.PICK, people=("0" * 16,)), "audience", "recipients.nobody"),
        (Selection(), "recent", "recipients.nobody.recent"),
        (Selection(kind=Kind.PILOT, pilot=1, seed="planned"), "recent", "recipients.nobody.planned"),
        (Selection(keeps_recent=True), "audience", "recipients.nobody.left"),
    ],
)
def test_a_choice_that_leaves_nobody_is_refused_where_it_can_be_mended(
    office: Office, selection: Selection, field: str, key: str
) -> None:
    kept = office.keeps("un", A, B)
    before = office.drafts("before", kept)
    if selection.seed == "planned":
        office.schedules(before, A, B)
    else:
        office.sends(before, A, B)
    if selection.keeps_recent:
        office.suppresses(A)
        office.suppresses(B)
    with pytest.raises(Refusal) as refused:
        office.audiences.require_somebody(OWNER, office.drafts("x", kept, selection=selection))
    assert (refused.value.field, refused.value.sentence.key) == (field, key)


def test_an_empty_list_says_so(office: Office) -> None:
    with pytest.raises(Refusal) as refused:
        office.audiences.require_somebody(OWNER, office.drafts("x", office.keeps("vide")))
    assert refused.value.sentence.key == "campaigns.empty_list"


def test_a_damaged_campaign_keeps_no_other_from_leaving(office: Office, tmp_path: Path) -> None:
    kept = office.keeps("un", A, B)
    office.sends(office.drafts("before", kept), A, B)
    for file in (tmp_path / "data" / "campaigns").glob("*.hashes"):
        file.write_bytes(b"nonsense")
    assert office.audiences.reach(OWNER, office.drafts("x", kept)).count == 2


def test_somebody_s_place_among_everybody_and_back(office: Office) -> None:
    first = office.keeps("un", A, B, replace(C, row=9))
    other = office.keeps("deux", replace(B, row=4), D, replace(E, row=6))
    draft = office.drafts("x", first, selection=Selection(others=(other.id,)))
    everybody = list(office.audiences.people(OWNER, draft))
    assert [one.first_name for one in everybody] == ["a", "b", "c", "d", "e"]
    for places in ([], [0], [4], [1, 3], [0, 1, 2, 3, 4], [7]):
        found = list(office.audiences.people(OWNER, draft, places))
        assert found == [everybody[place] for place in places if place < len(everybody)]
    for place, one in enumerate(everybody):
        assert office.audiences.place_of(OWNER, draft, int(office.hex(one), 16)) == place
    assert office.audiences.place_of(OWNER, draft, 1) is None


def test_people_are_ready_to_be_searched_before_somebody_asks(office: Office) -> None:
    kept = office.keeps("un", *EVERYBODY)
    draft = office.drafts("x", kept)
    office.facets.prepare(OWNER, draft)
    office.store.lists.file(NOVA, kept.id).unlink()  # nothing more is read
    assert [one.name for one in office.facets.people(OWNER, draft, "b@")] == ["b"]


def test_who_may_not_look_makes_nothing_ready(office: Office) -> None:
    kept = office.keeps("un", *EVERYBODY)
    office.store.lists.file(NOVA, kept.id).unlink()
    draft = office.drafts("x", kept)
    office.facets.prepare(BORIS, draft)  # reads nothing, and breaks nothing
    assert office.facets.people(BORIS, draft, "b") == []
