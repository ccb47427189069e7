"""Google Forms and Microsoft Forms."""

from urllib.parse import parse_qs

from bot.core.doctor.shapes import Shape, quoted
from bot.core.questionnaires import Diagnosis, Problem, Tool

GOOGLE_PAGES = {
    "edit": Problem.EDIT,
    "": Problem.EDIT,
    "copy": Problem.EDIT,
    "viewanalytics": Problem.RESULTS,
    "prefill": Problem.PREFILL,
    "preview": Problem.PREVIEW,
    "formresponse": Problem.OWN,  # what stands there after an answer was sent
}


def google(shape: Shape) -> Diagnosis | None:
    if shape.host == "forms.gle":
        return Diagnosis(tool=Tool.GOOGLE)
    if shape.host == "forms.google.com":
        return _google(Problem.HOME)
    if shape.host != "docs.google.com":
        return None
    if "spreadsheets" in shape.steps[:3]:
        return _google(Problem.RESULTS)
    return _google_form(shape) if "forms" in shape.steps[:3] else None


def _google(problem: Problem | None, public: str = "") -> Diagnosis:
    return Diagnosis(tool=Tool.GOOGLE, problem=problem, public=public)


def _google_form(shape: Shape) -> Diagnosis:
    """`/forms/d/e/ID/viewform` is published; `/forms/d/ID/…` is the editor's, whose `viewform` leads there.
    `/a/DOMAIN` before and `/u/N` inside say in which account it was opened."""
    start = shape.steps.index("forms") + 1
    if shape.step(start) == "u":
        start += 2
    published = shape.step(start + 1) == "e"
    place = start + (2 if published else 1)
    if shape.step(start) != "d" or place >= len(shape.path):
        return _google(Problem.HOME)
    identifier, page = shape.path[place], shape.step(place + 1)
    folder = ("forms", "d", "e") if published else ("forms", "d")
    public = shape.at(*folder, identifier, "viewform")
    if page == "viewform":
        return _google(Problem.OWN, shape.without("edit2")) if "edit2" in shape.query else _google(None)
    if page == "edit" and shape.fragment == "responses":
        return _google(Problem.RESULTS, public)
    problem = GOOGLE_PAGES.get(page)
    return _google(problem, public if problem else "")


MICROSOFT_HOSTS = (
    "forms.office.com", "forms.microsoft.com", "forms.cloud.microsoft", "customervoice.microsoft.com",
)  # fmt: skip
MICROSOFT_PAGES = {
    "designpage.aspx": Problem.EDIT,
    "designpagev2.aspx": Problem.EDIT,
    "teamsdesignpage.aspx": Problem.EDIT,
    "shareformpage.aspx": Problem.SHARE,  # gives others a copy of the form to work on
    "analysispage.aspx": Problem.RESULTS,
    "responsedetailpage.aspx": Problem.RESULTS,
    "default.aspx": Problem.HOME,
    "landing.aspx": Problem.HOME,
}
TOP_VIEWS = {"preview": Problem.PREVIEW, "prefill": Problem.PREFILL}


def microsoft(shape: Shape) -> Diagnosis | None:
    if not shape.is_at(*MICROSOFT_HOSTS):
        return None
    if not shape.steps:
        return Diagnosis(tool=Tool.MICROSOFT, problem=Problem.HOME)
    problem = MICROSOFT_PAGES.get(shape.last)
    if problem is Problem.EDIT:
        problem = TOP_VIEWS.get(shape.query.get("topview", "").lower(), problem)
    public = _microsoft_public(shape) if problem else ""
    return Diagnosis(tool=Tool.MICROSOFT, problem=problem, public=public)


def _microsoft_public(shape: Shape) -> str:
    """Every page names the form: in the query, in the fragment, or in a query that holds a fragment."""
    hidden = parse_qs(shape.query.get("fragment") or shape.fragment)
    found = shape.query.get("id") or shape.query.get("formid") or next(iter(hidden.get("FormId", [])), "")
    return shape.at("Pages", "ResponsePage.aspx", query=f"id={quoted(found)}") if found else ""
