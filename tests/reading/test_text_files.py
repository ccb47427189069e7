"""Text files as people have them: each case says what is odd, and what must come out."""

from dataclasses import dataclass

import pytest

from bot.core.lists import Level
from tests.fixtures import files
from tests.fixtures.reading import Reading, read

HEAD = "Email;Prénom;Nom\r\n"
ZOE = "zoe@exemple.fr;Zoé;Lefèvre\r\n"


def test_a_french_excel_file_reads_as_it_is() -> None:
    name, content = files.french_excel_csv()
    reading = read(content, name)
    assert reading.report.error is None
    assert reading.names == ["Claire Martin", "Noël Lefèvre", "Zoé Leroy"]
    assert reading.contacts[2].company == "L’Œuvre"
    assert (reading.report.encoding, reading.report.delimiter) == ("cp1252", ";")
    assert reading.report.language == "fr"


@dataclass(frozen=True)
class Odd:
    what: str
    content: bytes
    encoding: str = "utf-8"
    delimiter: str = ";"
    rows: tuple[int, ...] = (2,)
    names: tuple[str, ...] = ("Zoé Lefèvre",)


def odd_text(what: str, text: str, encoding: str = "utf-8", codec: str = "", **more: object) -> Odd:
    return Odd(what, text.encode(codec or encoding), encoding, **more)  # type: ignore[arg-type]


ODD = [
    odd_text("plain UTF-8", HEAD + ZOE),
    odd_text("UTF-8 with a byte order mark", HEAD + ZOE, codec="utf-8-sig"),
    odd_text("Windows letters", HEAD + ZOE, "cp1252"),
    odd_text("a Mac's letters", HEAD + ZOE, "mac_roman"),
    odd_text("DOS letters", HEAD + ZOE, "cp850"),
    odd_text("Unicode text of Excel", (HEAD + ZOE).replace(";", "\t"), "utf-16", delimiter="\t"),
    odd_text("UTF-32", HEAD + ZOE, "utf-32"),
    Odd("UTF-32, big end first", b"\0\0\xfe\xff" + (HEAD + ZOE).encode("utf-32-be"), "utf-32"),
    odd_text("UTF-16 without a mark", HEAD + ZOE, "utf-16", "utf-16-le"),
    odd_text("UTF-16, big end first, without a mark", HEAD + ZOE, "utf-16", "utf-16-be"),
    odd_text("accents in two signs", HEAD + "zoe@exemple.fr;Zoe\u0301;Lefe\u0300vre\r\n"),
    odd_text("commas", (HEAD + ZOE).replace(";", ","), delimiter=","),
    odd_text("tabulations", (HEAD + ZOE).replace(";", "\t"), delimiter="\t"),
    odd_text("bars", (HEAD + ZOE).replace(";", "|"), delimiter="|"),
    odd_text("lone carriage returns", (HEAD + ZOE).replace("\r\n", "\r")),
    odd_text("line feeds", (HEAD + ZOE).replace("\r\n", "\n")),
    odd_text("CR CR LF of a careless transfer", (HEAD + ZOE + ZOE).replace("\r\n", "\r\r\n")),
    odd_text("no line end at the end", HEAD + ZOE.strip()),
    odd_text("`sep=;`, which Excel does not number", "sep=;\r\n" + HEAD + ZOE),
    odd_text("blank lines, which Excel numbers", HEAD + "\r\n;;\r\n" + ZOE, rows=(4,)),
    odd_text("a title and notes above the header", "Salon 2026\r\n\r\nÀ jour\r\n" + HEAD + ZOE, rows=(5,)),
    odd_text("everything in quotes", '"Email";"Prénom";"Nom"\r\n"zoe@exemple.fr";"Zoé";"Lefèvre"\r\n'),
    odd_text(
        "a quoted line break, which makes no row",
        'Email;Prénom;Nom;Adresse\r\nzoe@exemple.fr;Zoé;Lefèvre;"1 rue A\r\nLyon"\r\na@b.fr;Al;Bo;x\r\n',
        rows=(2, 3),
        names=("Zoé Lefèvre", "Al Bo"),
    ),
    odd_text(
        "commas inside quotes outnumber semicolons",
        'Email;Prénom;Nom;Note\r\nzoe@exemple.fr;Zoé;Lefèvre;"a, b, c, d, e, f"\r\n',
    ),
    odd_text("trailing separators without a title", (HEAD + ZOE).replace("\r\n", ";;\r\n")),
    odd_text("cells missing at the end", "Email;Prénom;Nom;Ville;Pays\r\n" + ZOE),
    odd_text("spaces around everything", " Email ; Prénom ; Nom \r\n zoe@exemple.fr ; Zoé ;Lefèvre \r\n"),
    odd_text("spaces nobody sees", HEAD + "\u200bzoe@exemple.fr;Zoé\u00a0;\ufeffLefèvre\r\n"),
    odd_text("a zero byte in a name", HEAD + "zoe@exemple.fr;Zoé\0;Lefèvre\r\n"),
    odd_text("a required mark and another case", "E-MAIL *;PRÉNOM *;nom de famille\r\n" + ZOE),
    odd_text("no accents in the titles", "email;prenom;nom\r\n" + ZOE),
    odd_text("a guard against formulas", HEAD + "zoe@b.fr;'=Zoé;'+Lefèvre\r\n", names=("=Zoé +Lefèvre",)),
]  # fmt: skip


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: odd.what)
def test_odd_but_readable(odd: Odd) -> None:
    reading = read(odd.content)
    assert reading.report.error is None
    assert reading.report.rejected == 0
    assert (reading.report.encoding, reading.report.delimiter) == (odd.encoding, odd.delimiter)
    assert tuple(reading.names) == odd.names
    assert tuple(contact.row for contact in reading.contacts) == odd.rows


def test_a_file_glued_from_two_encodings_keeps_both_and_says_so() -> None:
    other = "rene@exemple.fr;René;Noël\r\n".encode("cp1252")
    reading = read((HEAD + ZOE * 4).encode() + other)
    assert reading.names == ["Zoé Lefèvre", "René Noël"]
    assert reading.causes(Level.WARNING) == {"mixed_encoding": 1}


def test_a_file_cut_within_a_letter_loses_that_letter_and_says_so() -> None:
    reading = read((HEAD + ZOE + "a@exemple.fr;Al;Lefé").encode()[:-1])
    assert reading.rejected == [(3, "damaged_text")]
    assert reading.causes(Level.WARNING) == {}


def test_a_windows_letter_at_the_very_end_is_one() -> None:
    other = "a@exemple.fr;Al;Noé".encode("cp1252")
    reading = read((HEAD + ZOE).encode() + other)
    assert reading.names == ["Zoé Lefèvre", "Al Noé"]
    assert reading.causes(Level.WARNING) == {"mixed_encoding": 1}


CAPITALS = [
    ("ÉRIC", "LEFÈVRE"),
    ("FRANÇOIS", "MÜLLER"),
    ("ZOÉ", "GÉRARD"),
    ("NOËL", "BÉZIERS"),
    ("ANAÏS", "PRÉVÔT"),
    ("HÉLÈNE", "DÉJÀ"),
]


@pytest.mark.parametrize("codec", ["cp1252", "mac_roman", "cp850"])
@pytest.mark.parametrize("people", [CAPITALS, *([one] for one in CAPITALS if one[0] != "ANAÏS")])
def test_capitals_are_read_in_any_encoding(codec: str, people: list[tuple[str, str]]) -> None:
    rows = "".join(f"a{number}@x.fr;{first};{last}\n" for number, (first, last) in enumerate(people))
    reading = read(f"EMAIL;PRENOM;NOM\n{rows}".encode(codec))
    assert reading.report.encoding == codec
    assert reading.names == [f"{first} {last}" for first, last in people]
    assert reading.report.problems == ()


@pytest.mark.parametrize("codec", ["cp1252", "mac_roman", "cp850"])
@pytest.mark.parametrize(
    "name", ["Éric", "Zoé", "L’Hôte", "Noël", "François", "LEFéVRE é", "Anaïs", "Île-d’Yeu"]
)
def test_small_letters_are_read_in_any_encoding(codec: str, name: str) -> None:
    if codec == "cp850" and "’" in name:
        name = name.replace("’", "'")
    reading = read(f"EMAIL;PRENOM;NOM\na@x.fr;{name};Prévost\n".encode(codec))
    assert reading.names == [f"{name} Prévost"]


def test_where_two_encodings_make_the_same_sense_it_is_said() -> None:
    reading = read("EMAIL;PRENOM;NOM\na@x.fr;Jean;LEFÈVRE\n".encode("cp850"))
    assert reading.report.encoding == "cp1252"
    [problem] = reading.report.problems
    assert (problem.cause, problem.level) == ("doubtful_encoding", Level.WARNING)
    assert problem.details == ("LEFÔVRE | LEFÈVRE",)


def test_a_quote_that_never_closes_does_not_swallow_the_rest() -> None:
    reading = read((HEAD + 'a@exemple.fr;"Al;Bo\r\n' + ZOE * 1).encode())
    assert reading.rejected == [(2, "open_quote")]
    assert reading.names == ["Zoé Lefèvre"]
    assert reading.contacts[0].row == 3


def test_thousands_of_open_quotes_are_each_named() -> None:
    rows = "".join(f'"a{number}@exemple.fr;Al;Bo\r\nx{number}@exemple.fr;Al;Bo\r\n' for number in range(301))
    reading = read((HEAD + rows).encode())
    assert reading.report.rows == reading.report.accepted + reading.report.rejected
    assert "x300@exemple.fr" in reading.emails


SWALLOWING = [
    ("a closing quote that others follow", 'b@x.fr;"Le Bar;Deux', 'd@x.fr;"Di";Quatre'),
    ("in the last column", 'b@x.fr;Bo;"Le Bar', 'd@x.fr;Di;"Quatre"'),
    ("an empty value in quotes", 'b@x.fr;"Le Bar;Deux', 'd@x.fr;"";Quatre'),
    ("another quote that never closes", 'b@x.fr;"Le Bar;Deux', 'd@x.fr;Di;Quatre "x'),
    ("an inch sign at the end of a line", 'b@x.fr;"Le Bar;Deux', 'd@x.fr;Di;5"'),
    ("an inch sign, in the last column", 'b@x.fr;Bo;"Le Bar', 'd@x.fr;Di;5"'),
    ("addresses in quotes", '"b@x.fr";"Le Bar;Deux', '"d@x.fr";Di;"Quatre"'),
]


@pytest.mark.parametrize(
    ("opening", "later"), [case[1:] for case in SWALLOWING], ids=[c[0] for c in SWALLOWING]
)
def test_an_unclosed_quote_swallows_nobody_when_a_later_row_has_quotes(opening: str, later: str) -> None:
    lines = ["a@x.fr;Ana;Un", opening, "c@x.fr;Cy;Trois", later, "e@x.fr;Ed;Cinq"]
    reading = read((HEAD + "".join(f"{line}\r\n" for line in lines)).encode())
    assert reading.rejected == [(3, "open_quote")]
    assert [(contact.row, contact.email) for contact in reading.contacts] == [
        (2, "a@x.fr"), (4, "c@x.fr"), (5, "d@x.fr"), (6, "e@x.fr"),
    ]  # fmt: skip


def test_a_quote_too_many_inside_a_line_is_forgiven() -> None:
    reading = read((HEAD + 'a@x.fr;"Bar" Le Coin;Roy\r\n' + ZOE).encode())
    assert reading.names == ["Bar Le Coin Roy", "Zoé Lefèvre"]


@pytest.mark.parametrize("count", [2, 150, 1_000])
def test_a_long_note_in_quotes_is_one_value(count: int) -> None:
    note = "\n".join(f'il a dit ""{number}"", le @: x; y' for number in range(count))
    reading = read(f'Email;Prénom;Nom;Note\na@x.fr;Al;Bo;"{note}"\nb@x.fr;Zoé;Roy;z\n'.encode())
    assert [contact.row for contact in reading.contacts] == [2, 3]
    assert reading.contacts[0].extras[0].endswith(f'il a dit "{count - 1}", le @: x; y')


def test_a_note_without_end_is_named() -> None:
    note = "ligne\n" * 1_001
    reading = read(f'Email;Prénom;Nom\na@x.fr;Al;"{note}"\nb@x.fr;Zoé;Roy\n'.encode())
    assert reading.rejected[0] == (2, "open_quote")
    assert reading.emails == ["b@x.fr"]


def test_a_separator_in_a_value_shifts_the_row_and_the_row_is_named() -> None:
    reading = read(b"Email,First name,Last name\na@example.com,Anna,Smith,Jr\nb@example.com,Bob,Lee\n")
    assert reading.rejected == [(2, "shifted")]
    assert reading.emails == ["b@example.com"]


def test_a_lost_letter_is_never_accepted() -> None:
    reading = read((HEAD + "a@exemple.fr;Zo\ufffd;Leroy\r\n").encode())
    assert reading.rejected == [(2, "damaged_text")]


def test_a_cell_longer_than_excel_takes_is_named() -> None:
    reading = read(
        (HEAD + f"a@exemple.fr;{'x' * 32_768};Leroy\r\nb@exemple.fr;{'x' * 32_767};Roy\r\n").encode()
    )
    assert reading.rejected == [(2, "long_value")]
    assert reading.emails == ["b@exemple.fr"]


def test_a_cell_longer_than_csv_takes_is_named_too() -> None:
    reading = read((HEAD + f"a@exemple.fr;{'x' * 200_000};Leroy\r\n" + ZOE).encode())
    assert reading.rejected == [(2, "long_value")]
    assert reading.names == ["Zoé Lefèvre"]


def test_mistakes_are_counted_and_named() -> None:
    reading = read(files.french_csv_with_mistakes()[1])
    report = reading.report
    assert (report.rows, report.accepted, report.rejected, report.duplicates) == (4, 2, 1, 1)
    assert reading.rejected == [(3, "incomplete_address")]
    assert reading.duplicates == [(5, 2)]
    [rejected, duplicate] = report.problems
    assert (rejected.cause, rejected.rows, rejected.details) == ("incomplete_address", (3,), ("francois@",))
    assert (duplicate.cause, duplicate.rows, duplicate.details) == ("duplicate", (5,), ("2",))


def test_rejected_rows_keep_their_raw_cells() -> None:
    [line] = [line for line in read((HEAD + "jean@; Jean ;\r\n").encode()).records if line[0] == "r"]
    assert line == ["r", 2, "incomplete_address", "email", "jean@", ["jean@", " Jean ", ""], ""]


def test_blank_names_are_accepted_with_a_word() -> None:
    reading = read((HEAD + "a@exemple.fr;;Roy\r\nb@exemple.fr;Zoé;\r\nc@exemple.fr;;\r\n").encode())
    assert reading.report.accepted == 3
    assert reading.causes(Level.WARNING) == {"no_first_name": 1, "no_last_name": 1, "no_name": 1}


def test_other_columns_are_kept_under_their_own_titles() -> None:
    reading = read(b"Phone,Email,First name,,Last name,Age\n0123,a@example.com,Anna,x,Smith,42\n")
    assert reading.report.extras == ("Phone", "D", "Age")
    assert reading.contacts[0].extras == ("0123", "x", "42")


def test_two_columns_with_one_meaning_are_said() -> None:
    reading = read(b"Email,E-mail,First name,Last name\na@example.com,b@example.com,Anna,Smith\n")
    assert reading.emails == ["a@example.com"]
    assert reading.report.extras == ("E-mail",)
    assert reading.causes(Level.WARNING) == {"same_meaning": 1}


def test_a_city_is_a_better_place_than_a_country() -> None:
    reading = read(b"Country,City,Email,First name,Last name\nUK,Leeds,a@example.com,Anna,Smith\n")
    assert reading.contacts[0].location == "Leeds"
    assert reading.contacts[0].extras == ("UK",)
    assert reading.report.problems == ()


def test_the_sample_is_short_whatever_the_file() -> None:
    people = [(f"u{n}@example.com", "x" * 5_000, "y") for n in range(50)]
    sample: Reading = read(files.csv_bytes([("Email", "First name", "Last name"), *people], ","))
    assert len(sample.report.sample) == 5
    assert len(sample.report.sample[0].first_name) == 200
    assert len(sample.contacts[0].first_name) == 5_000
