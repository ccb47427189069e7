"""Typeform and Tally."""

from bot.core.doctor.shapes import Shape
from bot.core.questionnaires import Diagnosis, Problem, Tool

TYPEFORM_PAGES = {
    "share": Problem.SHARE,
    "results": Problem.RESULTS,
    "insights": Problem.RESULTS,
    "responses": Problem.RESULTS,
    "preview": Problem.PREVIEW,
}
UNKEPT = "__dangerous-disable-submissions"  # Typeform's own name for "answers are not kept"


def typeform(shape: Shape) -> Diagnosis | None:
    if not shape.is_at("typeform.com"):
        return None
    if shape.host.startswith("admin."):
        return _typeform_admin(shape)
    if shape.first == "report" and len(shape.path) > 1:
        return _typeform(Problem.RESULTS, shape.at("to", shape.path[1]))
    if UNKEPT in shape.query:
        return _typeform(Problem.PREVIEW, shape.without(UNKEPT))
    return _typeform(None if shape.steps else Problem.HOME)


def _typeform_admin(shape: Shape) -> Diagnosis:
    if shape.first != "form" or len(shape.path) < 2:
        return _typeform(Problem.HOME)
    # in the European region the public host is the account's own
    home = shape.host == "admin.typeform.com"
    public = f"https://form.typeform.com/to/{shape.path[1]}" if home else ""
    return _typeform(TYPEFORM_PAGES.get(shape.step(2), Problem.EDIT), public)


def _typeform(problem: Problem | None, public: str = "") -> Diagnosis:
    return Diagnosis(tool=Tool.TYPEFORM, problem=problem, public=public)


TALLY_PAGES = {
    "share": Problem.SHARE,
    "results": Problem.RESULTS,
    "submissions": Problem.RESULTS,
    "summary": Problem.RESULTS,
    "insights": Problem.RESULTS,
    "analytics": Problem.RESULTS,
    "preview": Problem.PREVIEW,
}
TALLY_HOME = ("", "dashboard", "workspaces", "templates", "create", "login", "settings")


def tally(shape: Shape) -> Diagnosis | None:
    if shape.host not in ("tally.so", "www.tally.so"):
        return None
    if shape.first == "forms" and len(shape.path) > 1:
        public = f"https://tally.so/r/{shape.path[1]}"
        return Diagnosis(tool=Tool.TALLY, problem=TALLY_PAGES.get(shape.step(2), Problem.EDIT), public=public)
    return Diagnosis(tool=Tool.TALLY, problem=Problem.HOME if shape.first in TALLY_HOME else None)
