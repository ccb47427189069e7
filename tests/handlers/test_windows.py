"""A window's own clicks, told from what others changed."""

from handlers.blocks.kit import Target
from handlers.windows import KEPT, Window, Windows


def view(revision: int, seen: str) -> dict[str, object]:
    return {"id": "V1", "private_metadata": f"cmp_1:{revision}:check", "hash": seen}


def test_a_click_on_an_older_drawing_of_its_own_is_brought_up() -> None:
    window = Window()
    window.saved(3, 4)
    window.drawn("h3", "h4")
    window.saved(4, 5)
    window.drawn("h4", "h5")
    for revision, seen in ((3, "h3"), (4, "h4"), (5, "h5")):
        assert window.up_to_date(view(revision, seen)) == view(5, "h5")
    assert window.brought_up(Target(id="cmp_1", revision=2)).revision == 2


def test_what_somebody_else_changed_stays_unknown() -> None:
    window = Window()
    window.saved(3, 4)
    assert window.brought_up(Target(revision=6)).revision == 6
    window.saved(6, 7)  # 5 and 6 were saved elsewhere
    assert window.brought_up(Target(revision=3)).revision == 3
    assert window.brought_up(Target(revision=6)).revision == 7


def test_nothing_is_drawn_over_what_another_answer_showed() -> None:
    window = Window()
    window.drawn("h1", "h2")
    assert window.up_to_date(view(1, "h9"))["hash"] == "h9"
    window.drawn("h9", "h10")
    assert window.up_to_date(view(1, "h1"))["hash"] == "h1", "Slack refuses it, and rightly so"


def test_a_click_that_changes_nothing_supersedes_nothing() -> None:
    window = Window()
    window.saved(3, 3)
    assert window.superseded == set()


def test_old_windows_are_forgotten() -> None:
    windows = Windows()
    first = windows.of("V0")
    for number in range(KEPT):
        windows.of(f"V{number + 1}")
    assert windows.of("V0") is not first
