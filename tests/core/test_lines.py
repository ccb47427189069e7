"""The line format: what was written is read, what was cut short is ignored, what is damaged is named."""

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.core import lines

letters = some.text(some.characters(codec="utf-8"))
cells = some.recursive(
    some.none()
    | some.booleans()
    | some.integers(-(2**53), 2**53)
    | some.text(some.characters(codec="utf-8")),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text("ab|c"), inner, max_size=3),
    max_leaves=8,
)
records = some.lists(some.lists(cells, max_size=4), min_size=1, max_size=6)


def written(found: list[list[object]]) -> bytes:
    return b"".join(map(lines.encode, found))


@given(records)
def test_what_was_written_is_read(found: list[list[object]]) -> None:
    assert list(lines.read(io.BytesIO(written(found)))) == found


@given(records, some.data())
def test_a_file_cut_anywhere_gives_its_whole_lines(found: list[list[object]], data: some.DataObject) -> None:
    whole = written(found)
    cut = whole[: data.draw(some.integers(0, len(whole)))]
    read = list(lines.read(io.BytesIO(cut)))
    assert read == found[: cut.count(b"\n")]
    assert lines.sound_length(io.BytesIO(cut)) == len(written(read))


@given(records, some.data())
def test_a_changed_byte_is_noticed(found: list[list[object]], data: some.DataObject) -> None:
    whole = bytearray(written([*found, ["more"], ["last"]]))
    place = data.draw(some.integers(0, len(written(found)) - 1))
    whole[place] ^= data.draw(some.integers(1, 255))
    with pytest.raises(lines.Damaged) as damaged:
        list(lines.read(io.BytesIO(bytes(whole))))
    assert 1 <= damaged.value.line <= len(found) + 1


def test_a_line_is_its_checksum_and_its_json() -> None:
    line = lines.encode(["claimed", 0, 7])
    assert line == b'c95700bf ["claimed",0,7]\n'
    assert json.loads(line[9:]) == ["claimed", 0, 7]


def test_the_header_names_format_and_kind() -> None:
    assert lines.decode(lines.header("list", extras=["Client"])) == [
        "h",
        {"format": lines.FORMAT, "kind": "list", "extras": ["Client"]},
    ]


def test_line_breaks_stay_inside_their_record() -> None:
    assert lines.encode(["a\nb\r\n\u2028c"]).count(b"\n") == 1


NO_LINES = [
    b"", b"\n", b"00000000 []", b"zzzzzzzz []\n", b"00000000 {}\n", b"       0 []\n", b"c95700bf_[]\n",
    b'c95700bf ["claimed",0,7]', b'C95700BF ["claimed",0,7]\n', b'c95700bf ["claimed",0,8]\n',
]  # fmt: skip


@pytest.mark.parametrize("line", NO_LINES)
def test_what_is_no_line_is_none(line: bytes) -> None:
    assert lines.decode(line) is None


def test_a_sound_checksum_of_something_else_than_a_list_is_none() -> None:
    assert lines.decode(lines.encode({"a": 1})) is None
