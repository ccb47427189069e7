"""Values that a spreadsheet would run: a cell starting with `=`, `+`, `-`, `@`, a tab or a carriage return.

What we write puts an apostrophe before such a value, as a person would in Excel; what we read takes one
such apostrophe away. A value that already has apostrophes before the sign gets one more, so the two are
exact inverses: `unguarded(guarded(value)) == value` for every value.
"""

SIGNS = ("=", "+", "-", "@", "\t", "\r")
MARK = "'"


def is_formula(value: str) -> bool:
    return value.startswith(SIGNS)


def guarded(value: str) -> str:
    return MARK + value if is_formula(value.lstrip(MARK)) else value


def unguarded(value: str) -> str:
    if value.startswith(MARK) and is_formula(value.lstrip(MARK)):
        return value[1:]
    return value
