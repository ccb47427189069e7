"""Who answered, as the questionnaire's export tells it."""

from pathlib import Path
from typing import Protocol

from bot.core.answered import Export


class ExportReader(Protocol):
    def look(self, path: Path, name: str, staging: Path) -> Export:
        """What may tell whose answers these are; its rows (`core.answered.Row`) are written to `staging` as
        lines. Never raises for what is in the file: `Export.error` says it. Raises Unwritable."""
