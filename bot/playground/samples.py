"""Files offered as the first step on the page: a clean one, one as Excel writes it, one of no use."""

import csv
import io
from dataclasses import dataclass

from bot.core.people import Language
from bot.exports.workbooks import workbook


@dataclass(frozen=True, kw_only=True, slots=True)
class Sample:
    """`about` says in the person's language what the file is and what is odd in it."""

    name: str
    content: bytes
    about: str


def samples(language: str) -> list[Sample]:
    return _french() if language == Language.FRENCH else _english()


def _french() -> list[Sample]:
    return [
        Sample(
            name="Clients 2026.xlsx",
            content=workbook("Clients", _FRENCH_HEADER, _FRENCH_PEOPLE),
            about="Un classeur Excel propre : cinq clients, leurs villes et leurs fonctions.",
        ),
        Sample(
            name="Contacts salon.csv",
            content=_excel_csv((_FRENCH_FAIR_HEADER, *_FRENCH_FAIR)),
            about="Un CSV comme Excel en français l'enregistre, avec une adresse incomplète et un doublon.",
        ),
        Sample(
            name="Plaquette.pdf",
            content=_pdf("Bonjour"),
            about="Un PDF : ce n'est pas un fichier de contacts, et Postillon le dit.",
        ),
    ]


def _english() -> list[Sample]:
    return [
        Sample(
            name="Customers 2026.xlsx",
            content=workbook("Customers", _ENGLISH_HEADER, _ENGLISH_PEOPLE),
            about="A clean Excel workbook: five customers with their cities and job titles.",
        ),
        Sample(
            name="Trade fair contacts.csv",
            content=_excel_csv((_ENGLISH_FAIR_HEADER, *_ENGLISH_FAIR)),
            about="A CSV as Excel saves it in Europe, with an incomplete address and a duplicate.",
        ),
        Sample(
            name="Brochure.pdf",
            content=_pdf("Hello"),
            about="A PDF: it is no contact file, and Postillon says so.",
        ),
    ]


def _excel_csv(rows: tuple[tuple[str, ...], ...]) -> bytes:
    """European Excel's "CSV": semicolons and Windows letters."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";").writerows(rows)
    return text.getvalue().encode("cp1252")


def _pdf(words: str) -> bytes:
    """One page with one word; readers rebuild the missing table of objects."""
    page = f"BT /F1 24 Tf 72 760 Td ({words}) Tj ET"
    return (
        "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        "/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>endobj\n"
        f"4 0 obj<</Length {len(page)}>>stream\n{page}\nendstream endobj\n"
        "trailer<</Root 1 0 R>>\n%%EOF\n"
    ).encode("ascii")


_FRENCH_HEADER = ("Email", "Prénom", "Nom", "Entreprise", "Ville", "Fonction")
_FRENCH_PEOPLE = (
    ("claire.martin@studio-nova.example", "Claire", "Martin", "Studio Nova", "Lyon", "Directrice"),
    ("noel.lefevre@exemple.fr", "Noël", "Lefèvre", "Crédit du Rhône", "Besançon", "Comptable"),
    ("zoe.leroy@exemple.fr", "Zoé", "Leroy", "Atelier Lumière", "Nantes", "Graphiste"),
    ("herve.dupont@studio-nova.example", "Hervé", "Dupont", "Studio Nova", "Lyon", "Développeur"),
    ("ines.muller@exemple.fr", "Inès", "Müller", "Librairie du Marché", "Strasbourg", "Libraire"),
)
_FRENCH_FAIR_HEADER = ("Adresse de messagerie", "Prénom", "NOM", "Société", "Téléphone")
_FRENCH_FAIR = (
    ("jean.dupont@exemple.fr", "Jean", "Dupont", "Nova", "01 23 45 67 89"),
    ("amelie.noel@exemple.fr", "Amélie", "Noël", "L’Œuvre & Cie", "+33 1 23 45 67 90"),
    ("francois@", "François", "Garçon", "Crédit du Rhône", ""),
    ("chloe.bernard@studio-nova.example", "Chloé", "Bernard", "Studio Nova", "01 23 45 67 91"),
    ("Jean.Dupont@exemple.fr", "Jean", "Dupont", "Nova", "01 23 45 67 89"),
    ("theo.lemaitre@exemple.fr", "Théo", "Lemaître", "", "01 23 45 67 92"),
)
_ENGLISH_HEADER = ("Email", "First name", "Last name", "Company", "City", "Job title")
_ENGLISH_PEOPLE = (
    ("anna.smith@studio-nova.example", "Anna", "Smith", "Studio Nova", "Leeds", "Director"),
    ("bob.obrien@example.com", "Bob", "O'Brien", "Harbour Credit", "Dublin", "Accountant"),
    ("zoe.lee@example.com", "Zoë", "Lee", "Northern Light", "Boston", "Designer"),
    ("john.carter@studio-nova.example", "John", "Carter", "Studio Nova", "Leeds", "Developer"),
    ("ines.muller@example.com", "Inès", "Müller", "Market Books", "Bristol", "Bookseller"),
)
_ENGLISH_FAIR_HEADER = ("Email Address", "First Name", "Surname", "Account Name", "Phone")
_ENGLISH_FAIR = (
    ("john.doe@example.com", "John", "Doe", "Nova", "+44 20 7946 0000"),
    ("renee.clark@example.com", "Renée", "Clark", "Café & Sons", "+44 20 7946 0001"),
    ("frank@", "Frank", "Hill", "Harbour Credit", ""),
    ("chloe.baker@studio-nova.example", "Chloë", "Baker", "Studio Nova", "+44 20 7946 0002"),
    ("John.Doe@example.com", "John", "Doe", "Nova", "+44 20 7946 0000"),
    ("theo.jones@example.com", "Theo", "Jones", "", "+44 20 7946 0003"),
)
