"""What is wrong with a campaign before it leaves, and what is only worth a second look.

records   a finding, and the case that is judged
survey    one look at everybody who gets the letter: who lacks what, whose value is too long
strange   fields as other tools write them
words     the subject, the preheader, the body
people    what some of them would read
senders   From, Reply-To, and where the link leads
hours     the departure, the closing, the reminders
"""

from bot.core.lint import hours as hours
from bot.core.lint import people as people
from bot.core.lint import senders as senders
from bot.core.lint import strange as strange
from bot.core.lint import words as words
from bot.core.lint.records import Case, Finding, Level
from bot.core.lint.survey import Survey, surveyed


def findings(case: Case) -> tuple[Finding, ...]:
    """What blocks first; then by importance, the most important first."""
    found = [
        *senders.link(case.draft),
        *words.mistakes(case.draft, case.columns),
        *strange.written(case.draft, case.columns),
        *words.rivals(case.draft, case.columns),
        *people.nobody(case),
        *people.blanks(case),
        *hours.past(case),
        *hours.closing(case),
        *senders.sender(case),
        *words.untested(case.draft),
        *senders.gone(case),
        *senders.answers(case.draft),
        *words.way_in(case.draft, case.columns),
        *hours.unusual(case),
        *words.subject(case.draft),
        *people.long_values(case),
        *words.size(case.weight),
        *words.plain_links(case.draft),
        *senders.replies(case.draft),
    ]
    return tuple(sorted(found, key=lambda one: one.level is Level.WARNING))


def blocking(found: tuple[Finding, ...]) -> Finding | None:
    """The first thing that keeps it from leaving."""
    return next((one for one in found if one.level is Level.BLOCKING), None)


__all__ = ["Case", "Finding", "Level", "Survey", "blocking", "findings", "surveyed"]
