"""Read JSON without losing a digit: numbers stay text, a name that stands twice is noticed, nothing is too deep."""

import json
from collections.abc import Mapping
from typing import Any, Final

from marketplace.pricing.sources.feed import DocumentRefused, text_of


class _Twice:
    """Stand for a name with two different values."""

    def __str__(self) -> str:
        return "two different values"


TWICE: Final = _Twice()


def document_of(body: bytes) -> Any:
    """Return a JSON document with its numbers as text; raises DocumentRefused when it is not whole."""
    try:
        return json.loads(text_of(body), parse_float=str, parse_int=str, parse_constant=str, object_pairs_hook=_object)
    except json.JSONDecodeError as error:
        raise DocumentRefused(f"it is not whole JSON: {error.msg} in line {error.lineno}") from None
    except RecursionError:
        raise DocumentRefused("it is nested too deep") from None


def at(document: Any, path: str) -> Any:
    """Return what stands at a path of names between points, or None."""
    for name in path.split("."):
        if not isinstance(document, Mapping):
            return None
        document = document.get(name)
    return document


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        found[name] = value if found.get(name, value) == value else TWICE
    return found
