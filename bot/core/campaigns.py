"""A campaign: one questionnaire link sent to an audience. Its states and the moves between them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.core import fields
from bot.core.ids import CampaignId, ListId, MemberId, WorkspaceId
from bot.core.letters import Sender
from bot.core.people import Language, Member, is_admin
from bot.core.sentences import Refusal, Sentence, Stale

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
    State.SCHEDULED: frozenset({State.SENDING, State.DRAFT, State.HELD, State.CANCELLED, State.FAILED}),
    State.SENDING: frozenset({State.SENT, State.PAUSED, State.HELD, State.STOPPED, State.FAILED}),
    State.PAUSED: frozenset({State.SENDING, State.STOPPED, State.HELD}),
    State.HELD: frozenset({State.SCHEDULED, State.SENDING, State.CANCELLED, State.STOPPED}),
    State.SENT: frozenset({State.SENDING}),  # a reminder is another wave
    State.STOPPED: frozenset(),
    State.CANCELLED: frozenset(),
    State.FAILED: frozenset({State.DRAFT}),
}
BEFORE_DEPARTURE = frozenset({State.DRAFT, State.AWAITING, State.SCHEDULED})
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
    same_since: int = 0  # not 0: since this revision there were only tests, which change no word
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


def check_name(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise Refusal("campaigns.name.empty", field="name")
    if len(name) > NAME_LENGTH:
        raise Refusal("campaigns.name.long", field="name", limit=NAME_LENGTH, length=len(name))
    return name


def check_subject(subject: str) -> str:
    """Raises Refusal: a subject is one line, known fields only."""
    subject = fields.one_line(subject)
    if not subject:
        raise Refusal("campaigns.subject.empty", field="subject")
    if len(subject) > SUBJECT_LENGTH:
        raise Refusal("campaigns.subject.long", field="subject", limit=SUBJECT_LENGTH, length=len(subject))
    _check_fields(subject, "subject")
    return subject


def check_body(body: str) -> str:
    body = body.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not body:
        raise Refusal("campaigns.body.empty", field="body")
    if len(body) > BODY_LENGTH:
        raise Refusal("campaigns.body.long", field="body", limit=BODY_LENGTH, length=len(body))
    _check_fields(body, "body")
    return body


def _check_fields(text: str, field: str) -> None:
    if strange := fields.unknown(text):
        raise Refusal("campaigns.field.unknown", field=field, name=strange[0][:40])
