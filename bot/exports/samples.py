"""Invented people for the sample file; example.org belongs to nobody."""

from bot.core.people import Language

_PEOPLE = {
    Language.FRENCH: (
        ("claire.martin@example.org", "Claire", "Martin", "Atelier Lumière", "Lyon", "Directrice"),
        ("noel.lefevre@example.org", "Noël", "Lefèvre", "Crédit du Rhône", "Besançon", "Comptable"),
        ("zoe.leroy@example.org", "Zoé", "Leroy", "Studio Nova", "Nantes", "Graphiste"),
    ),
    Language.ENGLISH: (
        ("anna.smith@example.org", "Anna", "Smith", "Northern Light Ltd", "Leeds", "Director"),
        ("bob.obrien@example.org", "Bob", "O'Brien", "Harbour Credit", "Dublin", "Accountant"),
        ("zoe.lee@example.org", "Zoë", "Lee", "Studio Nova", "Boston", "Designer"),
    ),
}


def sample_rows(language: Language) -> tuple[tuple[str, ...], ...]:
    """Columns in the order of `Field`."""
    return _PEOPLE[language]
