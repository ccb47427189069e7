"""Files: dropped by people, put in a dialog, or sent up by the bot in Slack's three steps."""

import mimetypes
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

from bot.playground.slack.records import Ids, Json, Refusal

Looks = Literal["hosted", "stub", "scanning", "tombstone"]
"""How a dropped file first appears: whole, as a Slack Connect stub, before its scan, or already gone."""

_TYPES = {
    ".csv": ("text/csv", "csv"),
    ".xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    ".xls": ("application/vnd.ms-excel", "xls"),
    ".pdf": ("application/pdf", "pdf"),
    ".txt": ("text/plain", "text"),
}


@dataclass(kw_only=True)
class StoredFile:
    id: str
    name: str
    title: str
    content: bytes
    user_id: str
    created: int
    looks: Looks = "hosted"
    readable: bool = True
    """Whether the bot may reach it: no in a channel where it is no member."""
    deleted: bool = False

    @property
    def suffix(self) -> str:
        return f".{self.name.rpartition('.')[2].lower()}"

    @property
    def mimetype(self) -> str:
        known = _TYPES.get(self.suffix)
        return known[0] if known else mimetypes.guess_type(self.name)[0] or "application/octet-stream"

    @property
    def filetype(self) -> str:
        known = _TYPES.get(self.suffix)
        return known[1] if known else "binary"


class Files:
    def __init__(self, ids: Ids, team_id: str) -> None:
        self._ids = ids
        self._team_id = team_id
        self._known: dict[str, StoredFile] = {}
        self._tickets: dict[str, tuple[StoredFile, int]] = {}
        self.base = ""

    def add(self, name: str, content: bytes, *, user_id: str, created: int) -> StoredFile:
        file = StoredFile(
            id=self._ids.fresh("F"), name=name, title=name, content=content, user_id=user_id, created=created
        )
        self._known[file.id] = file
        return file

    def get(self, file_id: object) -> StoredFile:
        file = self._known.get(str(file_id))
        if file is None or file.deleted:
            raise Refusal("file_not_found", str(file_id))
        return file

    def announce(self, name: str, length: int, *, user_id: str, created: int) -> tuple[StoredFile, str]:
        """Step 1: a place to send `length` bytes to."""
        file = self.add(name, b"", user_id=user_id, created=created)
        ticket = self._ids.fresh("up-")
        self._tickets[ticket] = (file, length)
        return file, f"{self.base}/upload/{ticket}"

    def receive(self, ticket: str, content: bytes) -> StoredFile:
        """Step 2: the bytes, as many as announced, once."""
        file, length = self._tickets.pop(ticket, (None, 0))
        if file is None:
            raise Refusal("upload_url_unknown", ticket)
        if len(content) != length:
            raise Refusal("upload_size_mismatch", f"announced {length} bytes, got {len(content)}")
        file.content = content
        return file

    def as_it_is_now(self, shared: Json) -> Json:
        """A file shared a while ago: scanned since, or deleted."""
        file = self._known.get(shared["id"])
        return self.as_json(file, whole=file.looks == "scanning") if file else shared

    def as_json(self, file: StoredFile, *, whole: bool = False) -> Json:
        """The file object. `whole` is what files.info tells of a file that first came as a stub."""
        looks = "hosted" if whole else file.looks
        known: Json = {"id": file.id, "created": file.created, "timestamp": file.created}
        if looks == "tombstone" or file.deleted:
            return {"id": file.id, "mode": "tombstone"}
        if looks == "stub":
            return {**known, "mode": "file_access", "file_access": "check_file_info"}
        private = f"{self.base}/files/{file.id}"
        name = quote(file.name, safe="")  # a slash or a brace would be another path
        scanned = looks != "scanning"
        return {
            **known,
            "name": file.name,
            "title": file.title,
            "mimetype": file.mimetype if scanned else "",
            "filetype": file.filetype if scanned else "",
            "pretty_type": file.filetype.upper() if scanned else "",
            "user": file.user_id,
            "user_team": self._team_id,
            "editable": False,
            "size": len(file.content),
            "mode": "hosted",
            "is_external": False,
            "external_type": "",
            "is_public": False,
            "public_url_shared": False,
            "display_as_bot": False,
            "username": "",
            "url_private": f"{private}/{name}",
            "url_private_download": f"{private}/download/{name}",
            "permalink": f"{private}/permalink",
            "has_rich_preview": False,
            "file_access": "visible",
        }
