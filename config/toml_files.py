"""Read a TOML file that a setting names, and complain of one that cannot be used."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from decimal import InvalidOperation
from pathlib import Path
from typing import Any


def document_of(
    path: Path, *, setting: str, most: int, problems: list[str], parse_float: Callable[[str], Any] = float
) -> dict[str, Any]:
    """Return what the file says, of at most `most` bytes; on trouble an empty document and a word in `problems`."""
    try:
        with path.open("rb") as file:
            text = file.read(most + 1)
        if len(text) > most:
            raise ValueError("it is too large")
        return tomllib.loads(text.decode(), parse_float=parse_float)
    except OSError:
        problems.append(f"{setting} {path} cannot be read")
    except (ValueError, InvalidOperation, RecursionError) as error:
        problems.append(f"{setting} {path.name} is not a TOML file: {error}")
    return {}
