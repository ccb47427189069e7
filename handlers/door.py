"""The one door for what goes wrong: a sentence for the person, a trace for the log, 200 for Slack.

A Refusal, Stale included, is said as it is. Anything else is a defect: the person reads a short reference
number, and the log holds the trace under it.
"""

import logging
import secrets

from bot import ports
from bot.core.sentences import Refusal, Sentence, sentence

log = logging.getLogger("postillon")


def explained(error: BaseException) -> Sentence:
    """The sentence a person reads for this error."""
    match error:
        case Refusal():
            return error.sentence
        case ports.Unwritable():
            return sentence("storage.unwritable")
        case ports.Unreachable():
            log.warning("slack refused or could not be reached: %s", error.error)
            return sentence("notices.slack", error=error.error)
        case _:
            reference = secrets.token_hex(3)
            log.error("unexpected error reference=%s", reference, exc_info=error)
            return sentence("notices.defect", reference=reference)
