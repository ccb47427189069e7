"""The one door for what goes wrong: a sentence for the person, a trace for the log, 200 for Slack.

A Refusal, Stale included, is said as it is; so is Slack's absence, or its refusal. Anything else is a
defect: the person reads a short reference number, and the log holds the trace under it.
"""

import asyncio
import logging
import secrets

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError

from bot import ports
from bot.core.sentences import Refusal, Sentence, sentence

log = logging.getLogger("postillon")

LATE = frozenset({"expired_trigger_id", "trigger_expired", "exchanged_trigger_id", "invalid_trigger_id"})
MALFORMED = frozenset({"invalid_arguments", "invalid_blocks", "invalid_blocks_format"})  # a defect of ours


def explained(error: BaseException) -> Sentence:
    """The sentence a person reads for this error."""
    match error:
        case Refusal():
            return error.sentence
        case ports.Unwritable():
            return sentence("storage.unwritable")
        case ports.Unreadable():
            log.error("damage: %s", error)
            return sentence("storage.unreadable")
        case ports.Unreachable():
            return _slack(error.error)
        case SlackApiError() if (refused := str(error.response.get("error"))) not in MALFORMED:
            return _slack(refused)
        case ClientError() | asyncio.TimeoutError():
            return _slack(type(error).__name__)
        case _:
            reference = secrets.token_hex(3)
            log.error("unexpected error reference=%s", reference, exc_info=error)
            return sentence("notices.defect", reference=reference)


def _slack(error: str) -> Sentence:
    """A trigger lives 3 seconds and opens one dialog: the cure is to click again."""
    log.warning("slack refused or could not be reached: %s", error)
    return sentence("notices.late") if error in LATE else sentence("notices.slack", error=error)
