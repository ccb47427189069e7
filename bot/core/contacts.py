"""A contact: one row of a list."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import cast

_Cells = tuple[int, str, str, str, str, str, str, list[str]]  # what `Contact.to_line` puts after its kind


class Field(StrEnum):
    """The columns Postillon knows; other columns are kept beside them, under their own header."""

    EMAIL = "email"
    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    COMPANY = "company"
    LOCATION = "location"
    JOB_TITLE = "job_title"


REQUIRED = (Field.EMAIL, Field.FIRST_NAME, Field.LAST_NAME)


@dataclass(frozen=True, kw_only=True, slots=True)
class Contact:
    """`row` is the line as the spreadsheet numbers it (the header of a plain file is row 1).

    `extras` holds the other columns in the order of their headers, which the list's report keeps.
    """

    row: int
    email: str
    first_name: str = ""
    last_name: str = ""
    company: str = ""
    location: str = ""
    job_title: str = ""
    extras: tuple[str, ...] = ()

    def value(self, field: Field) -> str:
        return str(getattr(self, field.value))

    def full_name(self) -> str:
        return " ".join(part for part in (self.first_name, self.last_name) if part)

    def to_line(self) -> list[object]:
        return [
            "c", self.row, self.email, self.first_name, self.last_name, self.company, self.location,
            self.job_title, list(self.extras),
        ]  # fmt: skip

    @classmethod
    def from_line(cls, line: Sequence[object]) -> "Contact":
        """A list of a million is read by it: one unpacking, and no copy of what is text already."""
        row, email, first_name, last_name, company, location, job_title, extras = cast("_Cells", line[1:9])
        return cls(
            row=row, email=email, first_name=first_name, last_name=last_name, company=company,
            location=location, job_title=job_title, extras=tuple(extras),
        )  # fmt: skip


def invented() -> Contact:
    """Somebody to read a letter as, where the real ones are not to be shown."""
    return Contact(
        row=2, email="camille.martin@example.com", first_name="Camille", last_name="Martin",
        company="Nova", location="Paris", job_title="Architecte",
    )  # fmt: skip
