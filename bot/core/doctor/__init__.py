"""The link doctor: links that open an editor, a preview or the results where the public one was meant.

It judges the shape of a link alone, and only shapes that are known: of any other link it says nothing. The
public link is proposed only where the tool makes it of the same identifier.
"""

from bot.core.doctor import builders, forms, surveys
from bot.core.doctor.shapes import Shape, shape_of
from bot.core.questionnaires import NAMES, Diagnosis, Tool
from bot.core.sentences import Refusal, sentence

# LimeSurvey comes last: it stands on anybody's host, and is known by its paths
_KNOWN = (
    forms.google, forms.microsoft, builders.typeform, builders.tally, surveys.surveymonkey, surveys.qualtrics,
    surveys.limesurvey,
)  # fmt: skip


def diagnose(link: str) -> Diagnosis:
    """`link` as `links.check_link` gave it; anything else is nobody's."""
    shape = shape_of(link)
    if shape is None:
        return Diagnosis(tool=Tool.OTHER)
    return next((found for one in _KNOWN if (found := one(shape))), Diagnosis(tool=Tool.OTHER))


def require_public(link: str) -> Diagnosis:
    """Raises Refusal, with the field to blame and where the public link is."""
    found = diagnose(link)
    if found.problem is None:
        return found
    where = sentence(f"questionnaires.where.{found.tool.value}")
    raise Refusal(
        f"questionnaires.problem.{found.problem.value}", field="link", tool=NAMES[found.tool], where=where
    )


__all__ = ["Shape", "diagnose", "require_public"]
