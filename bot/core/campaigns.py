"""A campaign: one questionnaire link sent to an audience. Its states and the moves between them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.core import fields
from bot.core.answers import Known
from bot.core.approvals import Approval
from bot.core.closures import Closure
from bot.core.ids import CampaignId, ListId, MemberId, WorkspaceId
from bot.core.letters import Sender
from bot.core.people import Language, Member, is_admin, may_use
from bot.core.questionnaires import LinkChange, Placement
from bot.core.reminders import Reminder
from bot.core.selection import Selection
from bot.core.sentences import Refusal, Sentence, Stale
from bot.core.templates import Words

LATE = timedelta(minutes=15)  # a moment missed by more than this is asked about, never caught up
NAME_LENGTH = 80
SUBJECT_LENGTH = 150
BODY_LENGTH = 20_000


class State(StrEnum):
    DRAFT = "draft"
    AWAITING = "awaiting"  # an approval
    SCHEDULED = "scheduled"
    SENDING = "sending"
    PAUSED = "paused"
    HELD = "held"  # nothing leaves until the owner has answered
    SENT = "sent"
    STOPPED = "stopped"
    CANCELLED = "cancelled"
    FAILED = "failed"


MOVES: dict[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.AWAITING, State.SCHEDULED}),
    State.AWAITING: frozenset({State.SCHEDULED, State.DRAFT, State.HELD, State.CANCELLED}),
    State.SCHEDULED: frozenset(
        {State.SENDING, State.DRAFT, State.HELD, State.CANCELLED, State.FAILED, State.AWAITING}
    ),
    State.SENDING: frozenset({State.SENT, State.PAUSED, State.HELD, State.STOPPED, State.FAILED}),
    State.PAUSED: frozenset({State.SENDING, State.STOPPED, State.HELD, State.SENT}),
    State.HELD: frozenset(
        {State.SCHEDULED, State.SENDING, State.CANCELLED, State.STOPPED, State.AWAITING, State.DRAFT}
        | {State.SENT}  # without the reminder that was asked about
    ),
    State.SENT: frozenset({State.SENDING, State.HELD, State.STOPPED}),  # a reminder is another wave
    State.STOPPED: frozenset(),
    State.CANCELLED: frozenset(),
    State.FAILED: frozenset({State.DRAFT}),
}
BEFORE_DEPARTURE = frozenset({State.DRAFT, State.AWAITING, State.SCHEDULED})
FIXED = frozenset({State.AWAITING, State.SCHEDULED})  # its people are, and it leaves by itself
RUNNING = frozenset({State.SENDING, State.PAUSED})
ATTENDED = frozenset({State.SENDING, State.PAUSED, State.HELD})  # what admins see of others


class Step(StrEnum):
    """The dialog's five steps, in order."""

    PARAMETERS = "parameters"
    RECIPIENTS = "recipients"
    MESSAGE = "message"
    WHEN = "when"
    CHECK = "check"


class When(StrEnum):
    NOW = "now"
    LATER = "later"


@dataclass(frozen=True, kw_only=True, slots=True)
class Campaign:
    """`revision` grows at every change, and every button carries the one it was drawn for.

    `seed` is random: the merge tags of this campaign's letters hold it. `departed_at` set and state HELD
    tell a campaign stopped half-way from one that never left. Counts are not here: the ledger's fold.
    """

    workspace: WorkspaceId
    id: CampaignId
    owner: MemberId
    seed: str
    created_at: datetime
    language: Language
    zone: str
    revision: int = 1
    same_since: int = 0  # not 0: since this revision only tests and answers, which change no word
    state: State = State.DRAFT
    step: Step = Step.PARAMETERS
    name: str = ""
    link: str = ""
    link_parameter: str = "postillon"
    sender: Sender
    reply_to: Sender | None = None
    reason: str = ""
    list_id: ListId | None = None
    subject: str = ""
    preheader: str = ""
    body: str = ""
    when: When = When.LATER
    send_at: datetime | None = None
    speed: int = 0  # letters an hour; 0: as fast as the mail service takes them
    to_myself: bool = False  # "Try it on myself": one person, the owner
    tested_at: datetime | None = None
    edited_at: datetime | None = None  # last change of the words; a test older than this proves nothing
    audience: str = ""  # the audience file's name; empty until scheduled
    audience_size: int = 0
    list_version: int = 0  # of the list, when the audience was fixed; 0: before versions were noted
    list_title: str = ""  # as it was when the audience was fixed
    scheduled_at: datetime | None = None
    departed_at: datetime | None = None
    ended_at: datetime | None = None
    why: Sentence | None = None  # why it is paused, held or failed
    waited_at: datetime | None = None  # letters uncertain until then: the owner chose to wait
    given_up_at: datetime | None = None  # and of those the owner was told that nothing settled them
    alarmed: tuple[str, ...] = ()  # what only operators can repair, and they were told of
    repaired_at: datetime | None = None  # since it was paused for that: its owner was asked to resume
    checked_at: datetime | None = None  # the last look, before departure, at what would keep it from leaving
    selection: Selection = field(default_factory=Selection)  # who of the list, and of others beside it
    columns: tuple[str, ...] = ()  # titles of the other columns, in the order of the audience's values
    tells_case: bool = False  # as its letter's, since it was scheduled; False: before that was known
    placement: Placement = Placement.PARAMETER
    link_column: str = ""  # the column that holds personal links
    closing_at: datetime | None = None  # the questionnaire takes no answers any more
    readers_zone: str = ""  # where the letters are read; empty: the owner's own `zone`
    reminders: tuple[Reminder, ...] = ()
    is_markdown: bool = False  # its words are written as Markdown, not in Slack's editor
    deputy: MemberId | None = None  # may pause and stop it, beside its owner
    approval: Approval | None = None
    follows: CampaignId | None = None  # the first campaign of those that share one audience, nobody twice
    expected: int = 0  # of the audience, who was to get the letter as things were when it was fixed
    other_versions: tuple[int, ...] = ()  # as `list_version`, of the other lists of `selection`, `only` last
    past_links: tuple[LinkChange, ...] = ()
    replaced: Words | None = None  # the person's own words, which a template took the place of
    counts_openings: bool = False  # since its departure: its letters tell when they are opened
    redirects: bool = False  # since its departure: its letters lead to /r, not to the questionnaire itself
    origin: CampaignId | None = None  # of a copy: the campaign it was made of
    changed_at: datetime | None = None  # of a draft: when a step was kept last
    closure: Closure | None = None  # its owner's account was closed: what admins were asked
    answers_by: str = ""  # `answers.Source` its owner expects; empty: nobody was asked
    answers: tuple[Known, ...] = ()  # who told of answers, until when
    asks_about: int = 0  # HELD for this reminder, counted from 1; 0: for anything else
    rests: bool = False  # sent, and its reminders are suspended
    restored_at: datetime | None = None  # put back from a copy, or mended: what was told before is not all

    @property
    def wave(self) -> int:
        """The one that goes, or that went last."""
        return max((one.wave for one in self.reminders), default=0)

    @property
    def is_tested(self) -> bool:
        """A test followed the last change of the words."""
        return self.tested_at is not None and (self.edited_at is None or self.tested_at >= self.edited_at)

    def is_still(self, revision: int) -> bool:
        """Does it say what it said at that revision?"""
        return revision == self.revision or bool(
            self.same_since and self.same_since <= revision < self.revision
        )


def move(campaign: Campaign, to: State, **changes: object) -> Campaign:
    """The campaign in its next state. Raises `Stale` where the machine has no such move."""
    # once letters have left, nothing makes them unsent: another audience would give their numbers to others
    back = campaign.departed_at is not None and to in BEFORE_DEPARTURE | {State.CANCELLED}
    if to not in MOVES[campaign.state] or back:
        raise Stale(f"campaigns.state.{campaign.state.value}", name=campaign.name)
    return edit(campaign, state=to, **changes)


def edit(campaign: Campaign, **changes: object) -> Campaign:
    changes = {"same_since": 0, **changes}
    return replace(campaign, revision=campaign.revision + 1, **changes)  # type: ignore[arg-type]


def tested(draft: Campaign, at: datetime) -> Campaign:
    """A dialog drawn before the test still shows the truth: its buttons go on working."""
    return edit(draft, tested_at=at, same_since=draft.same_since or draft.revision)


def may_manage(member: Member, campaign: Campaign) -> bool:
    return campaign.workspace == member.workspace and campaign.owner == member.id


def may_attend(member: Member, campaign: Campaign, admins: Sequence[str]) -> bool:
    """Pause, resume and stop: the owner, and who looks after the bot once it is no draft any more."""
    if may_manage(member, campaign):
        return True
    is_ours = campaign.workspace == member.workspace and campaign.state is not State.DRAFT
    return is_ours and is_admin(member, admins)


def is_deputy(member: Member, campaign: Campaign) -> bool:
    is_named = campaign.workspace == member.workspace and campaign.deputy == member.id
    return is_named and campaign.state is not State.DRAFT and may_use(member)


def may_halt(member: Member, campaign: Campaign, admins: Sequence[str]) -> bool:
    """Pause and stop: its deputy too."""
    return may_attend(member, campaign, admins) or is_deputy(member, campaign)


def check_name(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise Refusal("campaigns.name.empty", field="name")
    if len(name) > NAME_LENGTH:
        raise Refusal("campaigns.name.long", field="name", limit=NAME_LENGTH, length=len(name))
    return name


def check_subject(subject: str, columns: Sequence[str] = ()) -> str:
    """Raises Refusal: a subject is one line, known fields only. `columns`: titles of the other columns."""
    subject = fields.one_line(subject)
    if fields.is_blank(subject):
        raise Refusal("campaigns.subject.empty", field="subject")
    if len(subject) > SUBJECT_LENGTH:
        raise Refusal("campaigns.subject.long", field="subject", limit=SUBJECT_LENGTH, length=len(subject))
    _check_fields(subject, "subject", columns)
    return subject


def check_preheader(preheader: str, columns: Sequence[str] = ()) -> str:
    preheader = fields.one_line(preheader)
    _check_fields(preheader, "preheader", columns)
    return preheader


def check_body(body: str, columns: Sequence[str] = ()) -> str:
    body = fields.readable(body)
    if fields.is_blank(body):
        raise Refusal("campaigns.body.empty", field="body")
    if len(body) > BODY_LENGTH:
        raise Refusal("campaigns.body.long", field="body", limit=BODY_LENGTH, length=len(body))
    _check_fields(body, "body", columns)
    return body


def _check_fields(text: str, where: str, columns: Sequence[str]) -> None:
    if piece := fields.excess(text):
        raise Refusal("campaigns.field.excess", field=where, piece=piece)
    if piece := fields.broken(text):
        raise Refusal("campaigns.field.broken", field=where, piece=piece)
    strange = fields.unknown(text, columns)
    if not strange:
        return
    if not strange[0]:
        raise Refusal("campaigns.field.empty", field=where)
    name = strange[0][:40]
    if meant := fields.nearest(strange[0], columns):
        raise Refusal("campaigns.field.nearest", field=where, name=name, nearest=f"{{{{{meant}}}}}")
    if titles := fields.titles(columns)[:10]:
        raise Refusal("campaigns.field.unknown_too", field=where, name=name, columns=", ".join(titles))
    raise Refusal("campaigns.field.unknown", field=where, name=name)
