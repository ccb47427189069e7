"""What a workbook's XML tells that the fast library does not: error cells, and links behind cells.

All of the XML is unfolded once, in pieces, before any library opens it: what does not unfold to the size
and the checksum the archive tells is damage or malice, and is refused here.
"""

import html
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

_PIECE = 1 << 20
_OVERLAP = 4_096  # bytes: a cell cut by the end of a piece is seen again
_MOST = 10_000  # cells of either kind
_SMALL = 16 << 20  # bytes of a part that is read whole
_ERROR = re.compile(
    rb"""<(?:\w+:)?c\b(?=[^>]*\bt=["']e["'])[^>]*\br=["']([A-Z]+)(\d+)["'][^>]*>"""
    rb"""(?:(?!</(?:\w+:)?c>).){0,2000}?<(?:\w+:)?v[^>]*>([^<]{1,40})<""",
    re.DOTALL,
)
_LINK = re.compile(rb"<(?:\w+:)?hyperlink\b[^>]*>")
_SHEET = re.compile(r"<(?:\w+:)?sheet\b[^>]*>")
_RELATION = re.compile(r"<(?:\w+:)?Relationship\b[^>]*>")
_CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})")

Place = tuple[int, int]
"""Row from 1, column from 0."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Marks:
    """Of one sheet."""

    errors: dict[Place, str] = field(default_factory=dict)
    links: dict[Place, str] = field(default_factory=dict)  # the address of a mailto: link


class Bomb(Exception):
    """A part unfolds to something else than the archive tells."""


def of_workbook(path: Path) -> dict[str, Marks]:
    """Sheet name -> its marks, for the sheets that have any. Raises Bomb."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = {name: marks for name in _xml(archive) if (marks := _unfolded(archive, name))}
            names = _sheets(archive) if parts else {}
            return {names[part]: marks for part, marks in parts.items() if part in names}
    except (zipfile.BadZipFile, zlib.error, OSError, NotImplementedError, EOFError, RuntimeError) as problem:
        raise Bomb(type(problem).__name__) from problem


def _xml(archive: zipfile.ZipFile) -> Iterator[str]:
    for name in archive.namelist():
        if name.lower().endswith((".xml", ".rels")):
            yield name


def _unfolded(archive: zipfile.ZipFile, name: str) -> Marks | None:
    errors: dict[Place, str] = {}
    linked: dict[str, str] = {}
    kept = b""
    with archive.open(name) as part:
        while piece := part.read(_PIECE):
            seen = kept + piece
            if (b't="e"' in seen or b"t='e'" in seen) and len(errors) < _MOST:
                errors.update(_errors(seen))
            if b"hyperlink " in seen and len(linked) < _MOST:
                linked.update(_references(seen))
            kept = seen[-_OVERLAP:]
    links = _links(archive, name, linked) if linked else {}
    return Marks(errors=errors, links=links) if errors or links else None


def _errors(xml: bytes) -> Iterator[tuple[Place, str]]:
    for found in _ERROR.finditer(xml):
        yield (int(found[2]), _column(found[1].decode())), html.unescape(found[3].decode("utf-8", "replace"))


def _references(xml: bytes) -> Iterator[tuple[str, str]]:
    """Cell -> the relation its link is."""
    for found in _LINK.finditer(xml):
        told = _attributes(found[0].decode("utf-8", "replace"))
        if "ref" in told and "id" in told:
            yield told["ref"].partition(":")[0], told["id"]


def _links(archive: zipfile.ZipFile, part: str, linked: dict[str, str]) -> dict[Place, str]:
    targets = _relations(archive, part)
    found: dict[Place, str] = {}
    for cell, relation in linked.items():
        target = targets.get(relation, "")
        if target[:7].lower() == "mailto:" and (place := _CELL.fullmatch(cell)):
            found[int(place[2]), _column(place[1])] = unquote(target[7:].partition("?")[0])
    return found


def _sheets(archive: zipfile.ZipFile) -> dict[str, str]:
    """Part -> the name of the sheet it holds."""
    book = next((name for name in archive.namelist() if name.lower().endswith("workbook.xml")), "")
    targets = _relations(archive, book)
    found: dict[str, str] = {}
    for tag in _SHEET.findall(_small(archive, book)):
        told = _attributes(tag)
        if target := targets.get(told.get("id", "")):
            part = posixpath.normpath(posixpath.join("/", posixpath.dirname(book), target)).lstrip("/")
            found[part] = told.get("name", "")
    return found


def _relations(archive: zipfile.ZipFile, part: str) -> dict[str, str]:
    folder, name = posixpath.split(part)
    text = _small(archive, posixpath.join(folder, "_rels", name + ".rels"))
    told = [_attributes(tag) for tag in _RELATION.findall(text)]
    return {one["Id"]: one["Target"] for one in told if "Id" in one and "Target" in one}


def _small(archive: zipfile.ZipFile, name: str) -> str:
    if name not in archive.namelist():
        return ""
    with archive.open(name) as part:
        return part.read(_SMALL).decode("utf-8", "replace")


def _attributes(tag: str) -> dict[str, str]:
    found = re.findall(r"""([\w.:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""", tag)
    return {name.rpartition(":")[2]: html.unescape(one or other) for name, one, other in found}


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
