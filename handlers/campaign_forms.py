"""What the campaign dialog's inputs hold, as the services take it.

A field that was not shown keeps the draft's value: the optional ones stand under *More options*.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TypedDict

from bot.core.campaigns import Campaign, Step, When
from bot.core.letters import Sender
from bot.core.pace import SPEEDS
from bot.core.people import Language
from bot.core.sentences import Refusal
from handlers import payloads
from handlers.blocks import wizard_message, wizard_parameters, wizard_recipients, wizard_when
from handlers.blocks.richtext import markdown
from handlers.blocks.wizard import first_reason, is_first_reason

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


class Words(TypedDict):
    subject: str
    preheader: str
    body: str


def parameters(state: State, draft: Campaign) -> Parameters:
    form = wizard_parameters
    language = _language(payloads.choice(state, form.LANGUAGE) or draft.language)
    sender_name = _text(state, form.SENDER, draft.sender.name)
    reply_to = draft.reply_to.address if draft.reply_to else ""
    reason = _text(state, form.REASON, draft.reason)
    first = is_first_reason(reason, draft.sender)
    return Parameters(
        name=payloads.text(state, form.NAME),
        link=payloads.text(state, form.LINK),
        link_parameter=_text(state, form.LINK_PARAMETER, draft.link_parameter),
        sender_name=sender_name,
        reply_to=_text(state, form.REPLY_TO, reply_to),
        language=language,
        reason=first_reason(_named(draft, sender_name), language) if first else reason,
        own_reason=not first,
    )


def _language(chosen: str) -> Language:
    try:
        return Language(chosen)
    except ValueError:  # the select offers no such thing: the submission was made up
        raise Refusal("campaigns.language.bad", field=wizard_parameters.LANGUAGE) from None


def _named(draft: Campaign, name: str) -> Sender:
    return replace(draft.sender, name=name.strip() or draft.sender.name)


def reused(view: payloads.Body) -> str:
    """What stands in the link's field, where the last campaign's link was put into it."""
    state = (view.get("state") or {}).get("values", {}).get(wizard_parameters.LINK, {})
    return str(state.get(wizard_parameters.REUSED, {}).get("value") or "")


def list_id(state: State) -> str:
    return payloads.choice(state, wizard_recipients.LIST)


def words(state: State, draft: Campaign) -> Words:
    form = wizard_message
    return Words(
        subject=payloads.text(state, form.SUBJECT),
        preheader=_text(state, form.PREHEADER, draft.preheader),
        body=_body(state),
    )


def _body(state: State) -> str:
    return markdown(state.get(wizard_message.BODY, {}).get("rich_text_value"))


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
    """None where nothing is chosen, or a moment no calendar of ours could show."""
    seconds = state.get(wizard_when.SEND_AT, {}).get("selected_date_time")
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
        case Step.WHEN:
            chosen, at = when(state)
            pace = speed(state)
            return (
                {"when": chosen} | ({"send_at": at} if at else {}) | ({} if pace is None else {"speed": pace})
            )
        case _:
            return {}
