"""SurveyMonkey, Qualtrics and LimeSurvey."""

import re

from bot.core.doctor.shapes import Shape
from bot.core.questionnaires import Diagnosis, Problem, Tool

MONKEYS = (
    "surveymonkey.com", "surveymonkey.net", "surveymonkey.co.uk", "surveymonkey.de", "surveymonkey.ca",
    "surveymonkey.eu", "research.net",
)  # fmt: skip
MONKEY_PAGES = {
    "": Problem.HOME,
    "home": Problem.HOME,
    "dashboard": Problem.HOME,
    "create": Problem.EDIT,
    "design": Problem.EDIT,
    "collect": Problem.SHARE,
    "analyze": Problem.RESULTS,
    "summary": Problem.RESULTS,
    "results": Problem.RESULTS,
    "stories": Problem.RESULTS,
}


def surveymonkey(shape: Shape) -> Diagnosis | None:
    """The public link `/r/CODE` has a code of its own, which no other page tells."""
    if not shape.is_at(*MONKEYS):
        return None
    is_preview = shape.steps[:2] in (("r", "preview"), ("create", "preview"))
    problem = Problem.PREVIEW if is_preview else MONKEY_PAGES.get(shape.first)
    return Diagnosis(tool=Tool.SURVEYMONKEY, problem=problem)


SURVEY = re.compile(r"SV_[A-Za-z0-9]{8,}")
QUALTRICS_PAGES = {
    "survey-builder": Problem.EDIT,
    "q": Problem.EDIT,
    "controlpanel": Problem.EDIT,
    "distributions": Problem.SHARE,
    "distribute": Problem.SHARE,
    "responses": Problem.RESULTS,
    "reporting-dashboard": Problem.RESULTS,
    "results": Problem.RESULTS,
    "wrreport": Problem.RESULTS,
    "": Problem.HOME,
    "homepage": Problem.HOME,
    "login": Problem.HOME,
}


def qualtrics(shape: Shape) -> Diagnosis | None:
    if not shape.is_at("qualtrics.com"):
        return None
    found = SURVEY.search(shape.link)
    public = shape.at("jfe", "form", found[0]) if found else ""
    return Diagnosis(
        tool=Tool.QUALTRICS, problem=(problem := _qualtrics(shape)), public=public if problem else ""
    )


def _qualtrics(shape: Shape) -> Problem | None:
    if shape.step(1) == "preview" or shape.query.get("q_chl") == "preview":
        return Problem.PREVIEW
    if "q_dl" in shape.query:  # one contact's own link
        return Problem.OWN
    return QUALTRICS_PAGES.get(shape.first)


LIME_HOSTS = ("limesurvey.net", "limesurvey.org")
LIME_ADMIN = frozenset({"surveyadministration", "questionadministration", "questiongroupsadministration"})
LIME_RESULTS = frozenset({"responses", "statistics", "dataentry", "export"})
LIME_ID = re.compile(r"(?:surveyid|isurveyid|sid|survey)[/=](\d{3,10})(?!\d)", re.IGNORECASE)
SCRIPT = "index.php"


def limesurvey(shape: Shape) -> Diagnosis | None:
    """On any host: known by the names of its pages, or by `index.php/NUMBER`."""
    route = shape.query.get("r", "").lower().split("/") if shape.last == SCRIPT else []
    pages = {*shape.steps, *route}
    number = _number(shape)
    is_hosted = shape.is_at(*LIME_HOSTS)
    if pages & LIME_ADMIN or ("admin" in pages and number and (is_hosted or SCRIPT in pages)):
        return _lime(_admin_page(pages), _lime_public(shape, number))
    if is_hosted and shape.first == "editor":
        return _lime(Problem.EDIT, _lime_public(shape, number))
    if number and pages & LIME_RESULTS and (is_hosted or SCRIPT in pages):
        return _lime(Problem.RESULTS, _lime_public(shape, number))
    if is_hosted or _is_survey(shape, route):
        return _lime_survey(shape)
    return None


def _lime(problem: Problem | None, public: str = "") -> Diagnosis:
    return Diagnosis(tool=Tool.LIMESURVEY, problem=problem, public=public)


def _admin_page(pages: set[str]) -> Problem:
    return Problem.RESULTS if pages & LIME_RESULTS else Problem.EDIT


def _is_survey(shape: Shape, route: list[str]) -> bool:
    steps = shape.steps
    after = steps[steps.index(SCRIPT) + 1 :] if SCRIPT in steps else ()
    is_numbered = len(after) == 1 and re.fullmatch(r"\d{5,10}", after[0]) is not None
    return is_numbered or after[:2] == ("survey", "index") or route[:2] == ["survey", "index"]


def _lime_survey(shape: Shape) -> Diagnosis:
    """`newtest=Y` begins anew at every opening: made for trying a survey out."""
    if shape.query.get("newtest", "").upper() == "Y":
        return _lime(Problem.RESTART, shape.without("newtest"))
    if ("newtest", "y") in zip(shape.steps, shape.steps[1:], strict=False):
        place = shape.steps.index("newtest")
        return _lime(Problem.RESTART, shape.at(*shape.path[:place], *shape.path[place + 2 :]))
    is_front = not shape.steps and shape.host not in LIME_HOSTS
    return _lime(Problem.HOME if is_front else None)


def _number(shape: Shape) -> str:
    """The survey's number: in the path, in the query, or after the hash."""
    found = LIME_ID.search(shape.link)
    return found[1] if found else ""


def _lime_public(shape: Shape, number: str) -> str:
    """Beside the page it was found on: before `index.php`, or before the first of its pages."""
    if not number:
        return ""
    if "r" in shape.query and shape.last == SCRIPT:
        return shape.at(*shape.path, query=f"r=survey/index&sid={number}")
    own = LIME_ADMIN | LIME_RESULTS | {"admin", "editor"}
    if SCRIPT in shape.steps:
        until = shape.steps.index(SCRIPT) + 1
    else:
        until = next(place for place, step in enumerate(shape.steps) if step in own)
    return shape.at(*shape.path[:until], number)
