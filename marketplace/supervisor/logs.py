"""Keep what programs say in files of bounded size, and tell what deserves a person's eye."""

from __future__ import annotations

import json
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

LARGEST_BYTES = 10 * 1024 * 1024
LOUD_LEVELS = ("warning", "error", "critical")
LOUD_WORDS = ("WARNING", "ERROR", "CRITICAL", "Traceback (most recent call last)")


def is_warning(line: str) -> bool:
    """Say whether a line reports a warning or worse: by its level when it is JSON, else by its words."""
    if line.startswith("{"):
        try:
            return json.loads(line).get("level") in LOUD_LEVELS
        except ValueError:
            return False
    return any(word in line for word in LOUD_WORDS)


class LogFile:
    """A file that gives way to a new one when it is full; one old one is kept."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file: TextIO = path.open("a", encoding="utf-8")

    def write(self, line: str) -> None:
        """Add a line and make it visible at once."""
        if self._file.tell() > LARGEST_BYTES:
            self._file.close()
            self._path.replace(self._path.with_suffix(".log.1"))
            self._file = self._path.open("a", encoding="utf-8")
        self._file.write(line)
        self._file.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
