"""What the campaign dialog's inputs hold, as the services take it.

A field that was not shown keeps the draft's value: the optional ones stand under *More options*.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Literal, TypedDict

from bot.core.answers import Source
from bot.core.campaigns import Campaign, Step, When
from bot.core.ids import MemberId
from bot.core.letters import Sender
from bot.core.pace import SPEEDS
from bot.core.people import Language
from bot.core.questionnaires import Placement
from bot.core.sentences import Refusal
from handlers import payloads
from handlers.blocks import (
    answers,
    wizard_answers,
    wizard_message,
    wizard_parameters,
    wizard_sender,
    wizard_when,
)  # fmt: skip
from handlers.blocks.deputies import deputy
from handlers.blocks.richtext import markdown
from handlers.blocks.wizard import first_reason, is_first_reason
from handlers.blocks.wizard_parameters import Typed

CALENDAR_END = 2**33  # seconds: the year 2242, far beyond what can be scheduled

State = Mapping[str, dict[str, Any]]


class Parameters(TypedDict):
    name: str
    link: str
    link_parameter: str
    sender_name: str
    reply_to: str
    language: Language
    reason: str
    own_reason: bool
    sender_address: str
    placement: Placement | None
    link_column: str
    closing_at: datetime | None
    deputy: MemberId | None
    answers_by: Source | None


class Words(TypedDict):
    subject: str
    preheader: str
    body: str


def parameters(state: State, draft: Campaign, columns: Sequence[str] = ()) -> Parameters:
    """`columns`: the titles one of which may have been chosen."""
    form = wizard_parameters
    language = _language(payloads.choice(state, form.LANGUAGE) or draft.language)
    sender_name = _text(state, wizard_sender.SENDER_NAME, draft.sender.name)
    reply_to = draft.reply_to.address if draft.reply_to else ""
    reason = _text(state, form.REASON, draft.reason)
    first = is_first_reason(reason, draft.sender)
    link = payloads.text(state, form.LINK)
    return Parameters(
        name=payloads.text(state, form.NAME),
        link=link,
        link_parameter=_text(state, form.LINK_PARAMETER, draft.link_parameter),
        sender_name=sender_name,
        reply_to=_text(state, form.REPLY_TO, reply_to),
        language=language,
        reason=first_reason(_named(draft, sender_name), language) if first else reason,
        own_reason=not first,
        sender_address=_sender_address(state),
        placement=_placement(state, draft, link.strip()),
        link_column=_column(state, draft, columns),
        closing_at=_closing(state, draft),
        deputy=deputy(state, draft.deputy),
        answers_by=_answers_by(state, draft, link.strip()),
    )


def _sender_address(state: State) -> str:
    """Empty: as it was. At a domain, what was typed: an address without its local part is no address."""
    chosen = payloads.choice(state, wizard_sender.SENDER)
    if not wizard_sender.is_domain(chosen):
        return chosen
    return payloads.text(state, wizard_sender.SENDER_ADDRESS) or chosen


def _placement(state: State, draft: Campaign, link: str) -> Placement | None:
    """None: as the tool has it. Where it was not shown, a choice holds as long as its link does."""
    if wizard_answers.PLACEMENT not in state:
        is_kept = link == draft.link or draft.placement is Placement.COLUMN
        return draft.placement if is_kept else None
    value = payloads.choice(state, wizard_answers.PLACEMENT)
    if value in ("", wizard_answers.AUTO):
        return None
    try:
        return Placement(value)
    except ValueError:  # the select offers no such thing: the submission was made up
        raise Refusal("questionnaires.placement.bad", field=wizard_answers.PLACEMENT) from None


def _answers_by(state: State, draft: Campaign, link: str) -> Source | None:
    """None: as the link lets expect."""
    shown = answers.ANSWERS_BY in state
    value = payloads.choice(state, answers.ANSWERS_BY) if shown else draft.answers_by
    if value in ("", answers.AUTO) or (not shown and link != draft.link):
        return None
    try:
        return Source(value)
    except ValueError:  # the select offers no such thing: the submission was made up
        raise Refusal("answers.by.bad", field=answers.ANSWERS_BY) from None


def _column(state: State, draft: Campaign, columns: Sequence[str]) -> str:
    if wizard_answers.LINK_COLUMN not in state:
        return draft.link_column
    return wizard_answers.found(payloads.choice(state, wizard_answers.LINK_COLUMN), columns)


def _closing(state: State, draft: Campaign) -> datetime | None:
    chosen = closing(state)
    return draft.closing_at if chosen == "kept" else chosen


def closing(state: State) -> datetime | Literal["kept"] | None:
    """As it was, where it is not shown."""
    return _moment(state, wizard_answers.CLOSING) if wizard_answers.CLOSING in state else "kept"


def _language(chosen: str) -> Language:
    try:
        return Language(chosen)
    except ValueError:  # the select offers no such thing: the submission was made up
        raise Refusal("campaigns.language.bad", field=wizard_parameters.LANGUAGE) from None


def _named(draft: Campaign, name: str) -> Sender:
    return replace(draft.sender, name=name.strip() or draft.sender.name)


def typed_parameters(view: payloads.Body) -> Typed:
    """What stands in step 1, drawn again without having been sent."""
    state = payloads.values(view)
    shown = next(block for block in view["blocks"] if block.get("block_id") == wizard_parameters.LINK)
    return Typed(
        link=payloads.text(state, wizard_parameters.LINK).strip(),
        field=str(shown["element"]["action_id"]),
        sender=payloads.choice(state, wizard_sender.SENDER),
        placement=payloads.choice(state, wizard_answers.PLACEMENT),
        column=payloads.choice(state, wizard_answers.LINK_COLUMN),
    )


def words(state: State, draft: Campaign) -> Words:
    form = wizard_message
    return Words(
        subject=payloads.text(state, form.SUBJECT),
        preheader=_text(state, form.PREHEADER, draft.preheader),
        body=_body(state),
    )


def _body(state: State) -> str:
    """Of either editor."""
    held = state.get(wizard_message.BODY, {})
    return markdown(held["rich_text_value"]) if held.get("rich_text_value") else str(held.get("value") or "")


def when(state: State) -> tuple[When, datetime | None]:
    chosen = payloads.choice(state, wizard_when.WHEN)
    return (When.NOW if chosen == When.NOW else When.LATER), moment(state)


def speed(state: State) -> int | None:
    """Letters an hour; None where the field was not shown."""
    if wizard_when.SPEED not in state:
        return None
    chosen = payloads.choice(state, wizard_when.SPEED)
    offered = {str(one): one for one in (wizard_when.FASTEST, *SPEEDS)}
    if chosen not in offered:  # the select offers no such thing: the submission was made up
        raise Refusal("pace.bad", field=wizard_when.SPEED)
    return offered[chosen]


def moment(state: State) -> datetime | None:
    return _moment(state, wizard_when.SEND_AT)


def _moment(state: State, block_id: str) -> datetime | None:
    """None where nothing is chosen, or a moment no calendar of ours could show."""
    seconds = state.get(block_id, {}).get("selected_date_time")
    if not isinstance(seconds, int) or not 0 <= seconds < CALENDAR_END:
        return None
    return datetime.fromtimestamp(seconds, UTC)


def _text(state: State, block_id: str, unshown: str) -> str:
    return payloads.text(state, block_id) if block_id in state else unshown


def typed(step: Step, state: State) -> dict[str, object]:
    """What stands in a step that is left without being sent, to be found there again."""
    match step:
        case Step.MESSAGE:
            form = wizard_message
            found = {form.SUBJECT: payloads.text(state, form.SUBJECT), form.BODY: _body(state)}
            found |= {form.PREHEADER: payloads.text(state, form.PREHEADER)} if form.PREHEADER in state else {}
            return dict(found)
        case _:
            return {}
