"""Read Stripe's form encoding: bracketed names become nested dictionaries and lists."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from marketplace.sandbox.refusals import Refusal, invalid, missing

Parameters: TypeAlias = dict[str, Any]

_PART = re.compile(r"\[([^\[\]]*)\]")
_DEEPEST = 6


def decode(pairs: Iterable[tuple[str, str]]) -> Parameters:
    """Return the nested form of `a[b][0][c]=v` pairs; `a[]=v` appends."""
    tree: Parameters = {}
    for name, value in pairs:
        _insert(tree, _path_of(name), value)
    return {name: _lists(value) for name, value in tree.items()}


def _path_of(name: str) -> list[str]:
    head, bracket, _ = name.partition("[")
    rest = name[len(head) :]
    parts = _PART.findall(rest)
    if not head or "".join(f"[{part}]" for part in parts) != rest or len(parts) > _DEEPEST:
        raise invalid(name, f"Invalid parameter name: {name}", code="parameter_unknown")
    return [head, *parts] if bracket else [head]


def _insert(tree: Parameters, path: list[str], value: str) -> None:
    node = tree
    for part in path[:-1]:
        node = node.setdefault(part, {})
        if not isinstance(node, dict):
            raise invalid(path[0], f"Invalid object: {path[0]}")
    last = path[-1] or str(len(node))
    if isinstance(node.get(last), dict):
        raise invalid(path[0], f"Invalid object: {path[0]}")
    node[last] = value


def _lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if value and all(name.isdigit() for name in value):
        return [_lists(value[name]) for name in sorted(value, key=int)]
    return {name: _lists(child) for name, child in value.items()}


def only(parameters: Mapping[str, Any], known: frozenset[str]) -> None:
    """Refuse a parameter that the endpoint does not know, as Stripe does."""
    for name in parameters:
        if name not in known:
            raise Refusal(f"Received unknown parameter: {name}", code="parameter_unknown", param=name)


def text(parameters: Mapping[str, Any], name: str, *, prefix: str = "") -> str:
    """Return a required text."""
    value = parameters.get(name)
    if not isinstance(value, str) or not value:
        raise missing(f"{prefix}{name}")
    return value


def whole(parameters: Mapping[str, Any], name: str, *, least: int, most: int, prefix: str = "") -> int:
    """Return a required whole number between two bounds."""
    raw = text(parameters, name, prefix=prefix)
    if not re.fullmatch(r"-?\d{1,15}", raw):
        raise invalid(f"{prefix}{name}", f"Invalid integer: {raw}", code="parameter_invalid_integer")
    if int(raw) < least:
        raise invalid(f"{prefix}{name}", f"This value must be greater than or equal to {least}.")
    if int(raw) > most:
        raise invalid(f"{prefix}{name}", f"This value must be less than or equal to {most}.")
    return int(raw)


def address(parameters: Mapping[str, Any], name: str) -> str:
    """Return a required http or https address."""
    raw = text(parameters, name)
    parts = urlsplit(raw)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise invalid(name, "Not a valid URL", code="url_invalid")
    return raw


def branch(parameters: Mapping[str, Any], name: str) -> Parameters:
    """Return an optional nested object, empty when absent."""
    value = parameters.get(name, {})
    if not isinstance(value, dict):
        raise invalid(name, f"Invalid object: {name}")
    return value
