"""What a file is, by its first bytes: names and announced types lie."""

import zipfile
from pathlib import Path

from bot.core.sentences import Refusal, Sentence
from bot.reading.limits import Limits

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # old Office files, and protected new ones
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")  # of UTF-16, and of UTF-32
# what people can save again as a workbook
_CONVERTIBLE = ((b"%PDF", "pdf"),)
_FOREIGN = (
    (b"\x89PNG", "image"), (b"\xff\xd8\xff", "image"), (b"GIF8", "image"), (b"BM", "image"),
    (b"II*\0", "image"), (b"MM\0*", "image"), (b"{\\rtf", "document"), (b"BEGIN:VCARD", "vcard"),
    (b"\x7fELF", "program"), (b"MZ", "program"), (b"ID3", "sound"),
)  # fmt: skip
_ARCHIVES = (b"PK\x05\x06", b"\x1f\x8b", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07")
_MARKUP = (b"<!doctype html", b"<html", b"<table", b"<head", b"<body", b"<meta", b"<?xml", b"<workbook")


def recognised(path: Path, name: str, limits: Limits) -> str:
    """`csv` for text, `xlsx` for workbooks; raises Refusal, naming what the file is, for all others."""
    if name.startswith("~$"):
        raise Refusal("reading.error.lock", name=name)
    with path.open("rb") as file:
        head = file.read(65_536)
    if not head.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise Refusal("reading.error.empty", name=name)
    if head.startswith(_OLE):
        raise _old_office(path, name)
    if head.startswith(b"PK\x03\x04"):
        _check_archive(path, name, limits)
        return "xlsx"
    _refuse_foreign(head, name)
    return "csv"


def _refuse_foreign(head: bytes, name: str) -> None:
    for start, kind in _CONVERTIBLE:
        if head.startswith(start):
            raise _convertible(name, kind)
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_MARKUP):
        raise _convertible(name, "web_page")
    for start, kind in _FOREIGN:
        if head.startswith(start) and not (len(start) == 2 and _is_text(head)):
            raise _foreign(name, kind)
    if head.startswith(b"RIFF") or head[4:8] == b"ftyp":
        raise _foreign(name, "image")
    if head.startswith(_ARCHIVES):
        raise Refusal("reading.error.archive", name=name)
    if not _is_text(head):
        raise _foreign(name, "unknown")


def _is_text(head: bytes) -> bool:
    """Text holds almost no control bytes; UTF-16 and UTF-32 hold zeros beside each plain letter."""
    sample = head[:8_192]
    if sample.startswith(_WIDE_MARKS) or _mostly_wide(sample):
        return True
    sample = sample.rstrip(b"\0")  # some programs fill the last block of a file
    control = sum(sample.count(byte) for byte in (*range(9), 11, *range(14, 32), 127))
    return control * 20 <= len(sample)


def _mostly_wide(sample: bytes) -> bool:
    zeros = (sample[::2].count(0), sample[1::2].count(0))
    return max(zeros) * 4 > len(sample) and min(zeros) * 20 < max(zeros)


def _check_archive(path: Path, name: str, limits: Limits) -> None:
    """A ZIP is a workbook when it holds one; the sizes its directory tells are capped before it opens."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError) as problem:
        raise Refusal("reading.error.damaged", name=name) from problem
    inside = {member.filename.lower().replace("\\", "/").lstrip("/") for member in members}
    if not any(entry.endswith("workbook.xml") for entry in inside):
        raise _other_archive(inside, name)
    unfolded = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if unfolded > limits.max_unzipped or unfolded > max(packed * limits.max_ratio, 64 << 20):
        raise Refusal("reading.error.too_heavy", name=name)


def _other_archive(inside: set[str], name: str) -> Refusal:
    if any(entry.endswith("workbook.bin") for entry in inside):
        return _convertible(name, "xlsb")
    if "content.xml" in inside and "mimetype" in inside:
        return _convertible(name, "opendocument")
    if any(entry.endswith(".iwa") for entry in inside):
        return _convertible(name, "numbers")
    if any(entry.startswith(("word/", "ppt/")) for entry in inside):
        return _foreign(name, "document")
    return Refusal("reading.error.archive", name=name)


def _old_office(path: Path, name: str) -> Refusal:
    """The names of an OLE file's streams are UTF-16 text in it; the first megabytes hold them in practice."""
    with path.open("rb") as file:
        content = file.read(16 << 20)
    if "EncryptedPackage".encode("utf-16-le") in content:
        return Refusal("reading.error.protected", name=name)
    if any(stream.encode("utf-16-le") in content for stream in ("Workbook", "Book")):
        return _convertible(name, "xls")
    return _foreign(name, "document")


def _convertible(name: str, kind: str) -> Refusal:
    return Refusal("reading.error.convert", name=name, kind=Sentence(f"reading.file.{kind}"))


def _foreign(name: str, kind: str) -> Refusal:
    return Refusal("reading.error.foreign", name=name, kind=Sentence(f"reading.file.{kind}"))
