"""Text files that went through other hands: each case says what is odd, and what must come out."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from bot.core.lists import Level
from tests.fixtures.reading import read

HEAD = "Email;Prénom;Nom\r\n"
ZOE = "zoe@exemple.fr;Zoé;Lefèvre\r\n"
AL = "al@exemple.fr;Al;Bo\r\n"
UNKNOWN = (0x81, 0x8D, 0x8F, 0x90, 0x9D)
BOTH = ("Zoé Lefèvre", "Al Bo")


@dataclass(frozen=True, kw_only=True)
class Odd:
    what: str
    content: bytes
    names: tuple[str, ...] = ("Zoé Lefèvre",)
    rejected: tuple[tuple[int, str], ...] = ()
    causes: Mapping[str, int] = field(default_factory=dict)  # of repairs and warnings
    rows: tuple[int, ...] | None = None


def odd(what: str, text: str, *, codec: str = "utf-8", **more: object) -> Odd:
    return Odd(what=what, content=text.encode(codec), **more)  # type: ignore[arg-type]


def twice(text: str, codec: str = "cp1252") -> str:
    """As software leaves it that takes UTF-8 for something else; Windows keeps what it does not know."""
    return "".join(
        chr(byte)
        if codec == "cp1252" and byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
        else bytes([byte]).decode(codec)
        for byte in text.encode()
    )


ENCODINGS = [
    odd("encoded twice by way of Windows", twice(HEAD + ZOE), causes={"double_encoded": 1}),
    odd("encoded twice by way of a Mac", twice(HEAD + ZOE, "mac_roman"), causes={"double_encoded": 1}),
    odd("encoded twice by way of DOS", twice(HEAD + ZOE, "cp850"), causes={"double_encoded": 1}),
    odd("encoded three times", twice(twice(HEAD + ZOE)), causes={"double_encoded": 1}),
    odd(
        "one row encoded twice",
        HEAD + ZOE + twice("rene@exemple.fr;René;Noël\r\n"),
        names=("Zoé Lefèvre", "René Noël"),
        causes={"double_encoded": 1},
    ),
    odd(
        "encoded twice: Œ, ’ and €",
        HEAD + twice("a@exemple.fr;Œdipe;L’Œil €\r\n"),
        names=("Œdipe L’Œil €",),
        causes={"double_encoded": 1},
    ),
    odd(
        "encoded twice: À and Á, whose second byte Windows does not know",
        HEAD + twice("a@exemple.fr;Ángel;Àlba\r\n"),
        names=("Ángel Àlba",),
        causes={"double_encoded": 1},
    ),
    odd(
        "encoded twice: loose accents",
        HEAD + twice("a@exemple.fr;Zoe\u0301;Roy\r\n"),
        names=("Zoé Roy",),
        causes={"double_encoded": 1},
    ),
    odd(
        "encoded twice: other Latin letters",
        HEAD + twice("a@exemple.fr;Škoda;Wałęsa\r\n"),
        names=("Škoda Wałęsa",),
        causes={"double_encoded": 1},
    ),
    odd(
        "letters that only look encoded twice",
        HEAD + "a@exemple.fr;Ã;São João Ângela Ä\r\n",
        names=("Ã São João Ângela Ä",),
    ),
    Odd(
        what="half Windows, half UTF-8",
        content=HEAD.encode("cp1252") + ZOE.encode() + ZOE.replace("zoe", "noe").encode("cp1252"),
        names=("Zoé Lefèvre", "Zoé Lefèvre"),
        causes={"double_encoded": 1},
    ),
    Odd(
        what="one Windows letter in a UTF-8 file",
        content=(HEAD + ZOE * 2).encode() + "a@exemple.fr;Noé;Roy\r\n".encode("cp1252"),
        names=("Zoé Lefèvre", "Noé Roy"),
        causes={"mixed_encoding": 1},
    ),
    Odd(
        what="a Windows byte that is no letter",
        content=HEAD.encode("cp1252") + b"a@exemple.fr;Zo\x81;Roy\r\n" + ZOE.encode("cp1252"),
        rejected=((2, "damaged_text"),),
    ),
    odd(
        "a replacement sign in a name",
        HEAD + "a@exemple.fr;Zo\ufffd;Roy\r\n" + ZOE,
        rejected=((2, "damaged_text"),),
    ),
    odd("UTF-16, big end first, with a mark", "\ufeff" + HEAD + ZOE, codec="utf-16-be"),
    odd("UTF-16, little end first, with a mark", "\ufeff" + HEAD + ZOE, codec="utf-16-le"),
    Odd(
        what="UTF-16 cut in the middle of a letter",
        content=b"\xff\xfe" + (HEAD + ZOE + AL).encode("utf-16-le") + b"x",
        rejected=((4, "damaged_text"),),
        names=BOTH,
    ),
    odd("accents as two signs in the titles", "Email;Pre\u0301nom;Nom\r\n" + ZOE),
    odd(
        "the euro and dashes of Windows",
        HEAD + "a@exemple.fr;Zoé;L’Œuvre – 5 €\r\n",
        codec="cp1252",
        names=("Zoé L’Œuvre – 5 €",),
    ),
    odd(
        "capital accents of Windows",
        HEAD + "a@exemple.fr;ÉLOÏSE;À CÔTÉ\r\n",
        codec="cp1252",
        names=("ÉLOÏSE À CÔTÉ",),
    ),
    odd(
        "capital accents of a Mac",
        HEAD + "a@exemple.fr;Éloïse;Crête\r\n",
        codec="mac_roman",
        names=("Éloïse Crête",),
    ),
    odd("a second byte order mark", "\ufeff\ufeff" + HEAD + ZOE),
]

LINES = [
    odd("lone CR, with quotes", '"Email";"Prénom";"Nom"\r"zoe@exemple.fr";"Zoé";"Lefèvre"\r'),
    odd(
        "line ends of three kinds",
        HEAD + ZOE.replace("\r\n", "\n") + AL.replace("\r\n", "\r"),
        names=BOTH,
        rows=(2, 3),
    ),
    odd("CR CR LF throughout", (HEAD + ZOE + AL).replace("\r\n", "\r\r\n"), names=BOTH, rows=(2, 3)),
    odd(
        "CR CR LF, with quotes",
        (HEAD + '"zoe@exemple.fr";Zoé;Lefèvre\r\n' + AL).replace("\r\n", "\r\r\n"),
        names=BOTH,
        rows=(2, 3),
    ),
    odd(
        "a quoted line break in the first row, the true numbers after it",
        'Email;Prénom;Nom;Note\r\nzoe@exemple.fr;Zoé;Lefèvre;"a\r\nb\r\nc"\r\nal@exemple.fr;Al;Bo;\r\n',
        names=BOTH,
        rows=(2, 3),
    ),
    odd(
        "a quoted line break inside a name",
        HEAD + 'zoe@exemple.fr;Zoé;"Le\r\nfèvre"\r\n',
        names=("Zoé Le fèvre",),
    ),
    odd(
        "a quoted line break in a title",
        '"E-mail\r\npro";Email;Prénom;"Nom"\r\n;zoe@exemple.fr;Zoé;Lefèvre\r\n',
    ),
    odd("many blank lines", HEAD + "\r\n" * 50 + ZOE, rows=(52,)),
    odd(
        "a quote that never closes at the very end",
        HEAD + ZOE + 'al@exemple.fr;"Al;Bo\r\n',
        rejected=((3, "open_quote"),),
    ),
    odd(
        "a quote that never closes, and two rows after it",
        HEAD + 'a@exemple.fr;"Al;Bo\r\n' + ZOE + AL,
        names=BOTH,
        rejected=((2, "open_quote"),),
        rows=(3, 4),
    ),
    odd(
        "an inch sign in a value",
        HEAD + 'al@exemple.fr;Al;Bo 5" x\r\n' + ZOE,
        names=('Al Bo 5" x', "Zoé Lefèvre"),
    ),
    odd("doubled quotes", HEAD + 'al@exemple.fr;"Al ""le grand""";Bo\r\n', names=('Al "le grand" Bo',)),
    odd("a zero byte between letters", HEAD + "zoe@exemple.fr;Z\0oé;Lefèvre\r\n", names=("Z oé Lefèvre",)),
    odd("zero bytes at the end of the file", HEAD + ZOE + "\0" * 40),
    odd("Ctrl-Z of DOS at the end", HEAD + ZOE + "\x1a"),
    odd(
        "a form feed and a line separator in values",
        HEAD + "zoe@exemple.fr;Zoé\x0c;Le\u2028fèvre\r\n",
        names=("Zoé Le fèvre",),
    ),
    odd("right-to-left overrides", HEAD + "zoe@exemple.fr;\u202eZoé\u202c;Lefèvre\r\n"),
    odd("one cell too many", HEAD + "al@exemple.fr;Al;Bo;Jr\r\n" + ZOE, rejected=((2, "shifted"),)),
    odd("one cell too few", "Email;Prénom;Nom;Ville\r\nzoe@exemple.fr;Zoé;Lefèvre\r\n"),
    odd(
        "only an address", HEAD + "al@exemple.fr\r\n" + ZOE, names=("", "Zoé Lefèvre"), causes={"no_name": 1}
    ),
    odd("blank cells beyond the titles", HEAD + "zoe@exemple.fr;Zoé;Lefèvre;;;;\r\n"),
    odd(
        "every line in one pair of quotes and commas inside",
        'Email,Prénom,Nom\r\n"zoe@exemple.fr","Zoé","Lefèvre"\r\n',
    ),
    odd(
        "sep=, before semicolon-free lines",
        "sep=,\r\nEmail,Prénom,Nom\r\nzoe@exemple.fr,Zoé,Lefèvre\r\n",
        rows=(2,),
    ),
    odd("sep=| in quotes", '"sep=|"\r\nEmail|Prénom|Nom\r\nzoe@exemple.fr|Zoé|Lefèvre\r\n', rows=(2,)),
    odd("SEP= with a tab", "SEP=\t\r\nEmail\tPrénom\tNom\r\nzoe@exemple.fr\tZoé\tLefèvre\r\n"),
    odd("semicolons with decimal commas", "Email;Prénom;Nom;Total\r\nzoe@exemple.fr;Zoé;Lefèvre;1,5\r\n"),
    odd("tabs with commas inside", "Email\tPrénom\tNom\tNote\nzoe@exemple.fr\tZoé\tLefèvre\ta, b, c\n"),
    odd(
        "ten thousand quotes in a row",
        HEAD + '"' * 10_000 + "\r\n" + ZOE,
        rejected=((2, "incomplete_address"),),
    ),
]

NOTES = "Notes:\r\nWhen exporting your connection data\r\n\r\n"
HEADERS = [
    odd(
        "LinkedIn's notes above the titles",
        NOTES + "First Name,Last Name,URL,Email Address,Company\r\n"
        "Zoé,Lefèvre,https://x,zoe@exemple.fr,Nova\r\n",
        rows=(5,),
    ),
    odd("titles in the twentieth row", "Salon\r\n" * 19 + HEAD + ZOE, rows=(21,)),
    odd(
        "Qualtrics' two more rows of titles",
        "StartDate,RecipientLastName,RecipientFirstName,RecipientEmail\r\n"
        "Start Date,Recipient Last Name,Recipient First Name,Recipient Email\r\n"
        '"{""ImportId"":""startDate""}","{""ImportId"":""a""}","{""ImportId"":""b""}","{""ImportId"":""c""}"\r\n'
        "2026-01-01,Lefèvre,Zoé,zoe@exemple.fr\r\n",
        causes={"second_header": 2},
        rows=(4,),
    ),
    odd(
        "SurveyMonkey's second row of titles",
        "Respondent ID,Collector ID,Email Address,First Name,Last Name,How was it?\r\n"
        ",,,,,Response\r\n1,2,zoe@exemple.fr,Zoé,Lefèvre,Good\r\n",
        causes={"second_header": 1},
        rows=(3,),
    ),
    odd(
        "SurveyMonkey's second row of titles, and an answer without a name",
        "Respondent ID,Collector ID,Email Address,First Name,Last Name,How was it?\r\n"
        ",,,,,Response\r\n1,2,,,,So-so\r\n1,2,zoe@exemple.fr,Zoé,Lefèvre,Good\r\n",
        causes={"second_header": 1},
        rejected=((3, "no_address"),),
        rows=(4,),
    ),
    odd(
        "SurveyMonkey without a second row of titles, and an answer without a name",
        "Respondent ID,Collector ID,Email Address,First Name,Last Name,How was it?\r\n"
        "1,2,,,,So-so\r\n1,2,zoe@exemple.fr,Zoé,Lefèvre,Good\r\n",
        rejected=((2, "no_address"),),
        rows=(3,),
    ),
    odd("no title over the last column", "Email;Prénom;Nom;\r\nzoe@exemple.fr;Zoé;Lefèvre;note\r\n"),
    odd(
        "no title over the last three columns",
        "Email;Prénom;Nom;;;\r\nzoe@exemple.fr;Zoé;Lefèvre;;;note\r\nal@exemple.fr;Al;Bo;;x\r\n",
        names=BOTH,
    ),
    odd(
        "a cell more than the titles have",
        "Email;Prénom;Nom;\r\nzoe@exemple.fr;Zoé;Lefèvre;;x\r\n" + AL,
        names=("Al Bo",),
        rejected=((2, "shifted"),),
    ),
    odd(
        "two files glued, the titles twice",
        HEAD + ZOE + HEAD + AL,
        names=BOTH,
        causes={"second_header": 1},
        rows=(2, 4),
    ),
    odd(
        "Google Contacts",
        "Name,Given Name,Family Name,E-mail 1 - Type,E-mail 1 - Value\r\n"
        "Zoé Lefèvre,Zoé,Lefèvre,* ,zoe@exemple.fr\r\n",
    ),
    odd(
        "Outlook in French",
        "Prénom,Nom,Adresse de messagerie,Nom complet de l'adresse de messagerie\r\n"
        "Zoé,Lefèvre,zoe@exemple.fr,Zoé (zoe@exemple.fr)\r\n",
    ),
    odd(
        "Pipedrive",
        "Person - Name,Person - First name,Person - Last name,Person - Email - Work\r\n"
        "Zoé Lefèvre,Zoé,Lefèvre,zoe@exemple.fr\r\n",
    ),
    odd("titles in capitals, underlined", "E_MAIL;PRENOM;NOM_DE_FAMILLE\r\n" + ZOE),
    odd("titles encoded twice", twice(HEAD) + AL, names=("Al Bo",)),
    odd("no title over a column", "Email;;Prénom;Nom\r\nzoe@exemple.fr;x;Zoé;Lefèvre\r\n"),
    odd("two equal titles", "Email;Prénom;Nom;Note;Note\r\nzoe@exemple.fr;Zoé;Lefèvre;a;b\r\n"),
    odd(
        "two columns for the address",
        "Email;E-mail;Prénom;Nom\r\nzoe@exemple.fr;z@exemple.fr;Zoé;Lefèvre\r\n",
        causes={"same_meaning": 1},
    ),
    odd(
        "a full name to split",
        "Email;Nom complet\r\nzoe@exemple.fr;Zoé Lefèvre\r\n",
        causes={"split_name": 1},
    ),
    odd(
        "last name first, as the title says",
        "Email;Nom Prénom\r\nzoe@exemple.fr;Lefèvre Zoé\r\n",
        causes={"split_name": 1},
    ),
    odd(
        "a full name beside a first name",
        "Email,First Name,Name\r\nzoe@exemple.fr,Zoé,Zoé Lefèvre\r\n",
        causes={"split_name": 1},
    ),
    odd(
        "a full name that is not needed",
        "Email;Nom complet;Prénom;Nom\r\nzoe@exemple.fr;Z. L.;Zoé;Lefèvre\r\n",
    ),
]

VALUES = [
    odd("a mailto: link", HEAD + "mailto:zoe@exemple.fr;Zoé;Lefèvre\r\n", causes={"address": 1}),
    odd("a name around the address", HEAD + "Zoé <zoe@exemple.fr>;Zoé;Lefèvre\r\n", causes={"address": 1}),
    odd("a full stop after the address", HEAD + "zoe@exemple.fr.;Zoé;Lefèvre\r\n", causes={"address": 1}),
    odd("spaces inside the address", HEAD + "zoe @ exemple.fr;Zoé;Lefèvre\r\n", causes={"address": 1}),
    odd(
        "two addresses in a cell",
        HEAD + "zoe@exemple.fr, z@exemple.fr;Zoé;Lefèvre\r\n",
        causes={"several_addresses": 1},
    ),
    odd("an international domain", HEAD + "zoe@exämple.fr;Zoé;Lefèvre\r\n", causes={"international": 1}),
    odd("a domain typed in haste", HEAD + "zoe@gmial.com;Zoé;Lefèvre\r\n", causes={"misspelt_domain": 1}),
    odd("a shared mailbox", HEAD + "contact@exemple.fr;Zoé;Lefèvre\r\n", causes={"role_address": 1}),
    odd("an address in capitals, twice", HEAD + ZOE + "ZOE@EXEMPLE.FR;Zoé;Lefèvre\r\n"),
    odd(
        "the same international domain in two spellings",
        HEAD + "zoe@exämple.fr;Zoé;Lefèvre\r\nzoe@xn--exmple-cua.fr;Zoé;Lefèvre\r\n",
        causes={"international": 1},
    ),
    odd("no @", HEAD + "al;Al;Bo\r\n" + ZOE, rejected=((2, "incomplete_address"),)),
    odd("no address", HEAD + ";Al;Bo\r\n" + ZOE, rejected=((2, "no_address"),)),
    odd("two dots in a row", HEAD + "a..l@exemple.fr;Al;Bo\r\n" + ZOE, rejected=((2, "impossible_address"),)),
    odd(
        "an accent before the @",
        HEAD + "élodie@exemple.fr;Al;Bo\r\n" + ZOE,
        rejected=((2, "accented_address"),),
    ),
    odd("a domain for tests", HEAD + "al@exemple.test;Al;Bo\r\n" + ZOE, rejected=((2, "reserved_domain"),)),
    odd("an error where the address should be", HEAD + "#N/A;Al;Bo\r\n" + ZOE, rejected=((2, "error_cell"),)),
    odd(
        "an error where a name should be",
        HEAD + "zoe@exemple.fr;#NOM?;Lefèvre\r\n",
        names=("#NOM? Lefèvre",),
        causes={"error_cell": 1},
    ),
    odd("Slack's words as a name", HEAD + "a@exemple.fr;<!channel>;&\r\n", names=("<!channel> &",)),
    odd(
        "a formula as a name",
        HEAD + "a@exemple.fr;=cmd|' /C calc'!A0;Roy\r\n",
        names=("=cmd|' /C calc'!A0 Roy",),
    ),
    odd("a field as a name", HEAD + "a@exemple.fr;{{prenom}};Roy\r\n", names=("{{prenom}} Roy",)),
    odd(
        "a joined emoji and an Indian name",
        HEAD + "a@exemple.fr;👩\u200d🚀;क्\u200dष\r\n",
        names=("👩\u200d🚀 क्\u200dष",),
    ),
    odd(
        "a word of 32,767 characters",
        HEAD + f"a@exemple.fr;{'x' * 32_767};Roy\r\n",
        names=("x" * 32_767 + " Roy",),
    ),
    odd(
        "a word of 40,000 characters",
        HEAD + f"a@exemple.fr;{'x' * 40_000};Roy\r\n" + ZOE,
        rejected=((2, "long_value"),),
    ),
    odd(
        "an apostrophe at the start", HEAD + "a@exemple.fr;'s;Hertogenbosch\r\n", names=("'s Hertogenbosch",)
    ),
    odd("a name of a sign only", HEAD + "a@exemple.fr;#;Roy\r\n", names=("# Roy",)),
]


@pytest.mark.parametrize("odd", [*ENCODINGS, *LINES, *HEADERS, *VALUES], ids=lambda odd: odd.what)
def test_what_is_odd_is_read_and_said(odd: Odd) -> None:
    reading = read(odd.content)
    report = reading.report
    assert report.error is None
    assert tuple(reading.names) == odd.names
    assert tuple(reading.rejected) == odd.rejected
    assert reading.causes(Level.REPAIRED) | reading.causes(Level.WARNING) == dict(odd.causes)
    if odd.rows is not None:
        assert tuple(contact.row for contact in reading.contacts) == odd.rows
    assert report.rows == report.accepted + report.rejected + report.duplicates


def test_there_are_many_of_them() -> None:
    cases = [*ENCODINGS, *LINES, *HEADERS, *VALUES]
    assert len({case.what for case in cases}) == len(cases)
    assert len({case.content for case in cases}) == len(cases)
