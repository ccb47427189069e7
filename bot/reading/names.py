"""The column names we know, French and English, as real exports write them.

A name is matched whole, once folded: accents, case, spaces and punctuation do not count. Never by what it
contains: "E-mail Type" is no address and "Deuxième prénom" no first name.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from bot.core.contacts import Field
from bot.core.formulas import unguarded
from bot.reading.doubled import mended


class Whole(StrEnum):
    """First and last name in one column: known, but not a field of a contact."""

    FULL_NAME = "full_name"


Meaning = Field | Whole


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """`rank` 0 is preferred to 1 where a file has both; `language` is "" when the name tells nothing."""

    meaning: Meaning
    rank: int = 0
    language: str = ""


# meaning, rank, language: names
_TABLE: tuple[tuple[Meaning, int, str, tuple[str, ...]], ...] = (
    (Field.EMAIL, 0, "", ("email", "e-mail", "mail", "emails", "RecipientEmail")),
    (Field.EMAIL, 0, "fr", (
        "courriel", "adresse mail", "adresse e-mail", "adresse email", "adresse de messagerie",
        "adresse courriel", "adresse électronique", "adresse électronique principale",
    )),
    (Field.EMAIL, 0, "en", (
        "Email Address", "E-mail Address", "E-mail 1 - Value", "Person - Email - Work", "Work Email",
    )),
    (Field.FIRST_NAME, 0, "fr", ("prénom", "prénoms")),
    (Field.FIRST_NAME, 0, "en", (
        "First Name", "firstname", "Given Name", "Person - First name", "RecipientFirstName",
    )),
    (Field.LAST_NAME, 0, "fr", ("nom", "nom de famille")),
    (Field.LAST_NAME, 0, "en", (
        "Last Name", "lastname", "Family Name", "Surname", "Person - Last name", "RecipientLastName",
    )),
    (Whole.FULL_NAME, 0, "fr", (
        "nom complet", "nom à afficher", "nom et prénom", "prénom et nom", "nom prénom", "prénom nom",
    )),
    (Whole.FULL_NAME, 0, "en", ("Name", "Full name", "Display name", "Person - Name")),
    (Field.COMPANY, 0, "fr", ("entreprise", "société", "raison sociale", "nom du compte")),
    (Field.COMPANY, 0, "", ("organisation",)),
    (Field.COMPANY, 0, "en", (
        "Company", "Company Name", "Account Name", "Organization", "Organization Name",
        "Organization 1 - Name", "Person - Organization",
    )),
    (Field.LOCATION, 0, "fr", ("localisation", "ville", "ville (bureau)", "commune")),
    (Field.LOCATION, 0, "en", ("Location", "City", "Business City", "Mailing City", "Office Location")),
    (Field.LOCATION, 1, "fr", ("pays",)),
    (Field.LOCATION, 1, "en", ("Country",)),
    (Field.JOB_TITLE, 0, "fr", ("fonction", "poste", "intitulé du poste")),
    (Field.JOB_TITLE, 0, "", ("profession", "position")),
    (Field.JOB_TITLE, 0, "en", ("Job Title", "Person - Title")),
)  # fmt: skip


def folded(header: str) -> str:
    if header.isascii():
        return "".join(letter for letter in header.lower() if letter.isalnum())
    decomposed = unicodedata.normalize("NFKD", mended(unguarded(header.strip()))).lower()
    return "".join(letter for letter in decomposed if letter.isalnum())


def known(header: str) -> Known | None:
    return _index().get(folded(header)) if header else None


@cache
def _index() -> Mapping[str, Known]:
    return {
        folded(name): Known(meaning=meaning, rank=rank, language=language)
        for meaning, rank, language, names in _TABLE
        for name in names
    }
