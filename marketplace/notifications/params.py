"""What a letter's template needs, in a shape the database keeps: money and times keep their kind, links are sealed."""

import base64
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from marketplace.core.crypto import seal, unseal
from marketplace.core.money import Money

SEALED = "sealed"
_PURPOSE = "message"


def packed(params: Mapping[str, object]) -> dict[str, Any]:
    """Return `params` as JSON; raise TypeError for a kind a letter cannot show."""
    return {name: _pack(value) for name, value in params.items()}


def unpacked(params: Mapping[str, Any]) -> dict[str, object]:
    """Return what `packed` was given, without the sealed part."""
    return {name: _unpack(value) for name, value in params.items() if name != SEALED}


def sealed(token: str | None, *, key: bytes) -> dict[str, str]:
    """Return the token of a letter's link as a sealed entry for its params; nothing when there is none."""
    if token is None:
        return {}
    return {SEALED: base64.b64encode(seal(token.encode(), key=key, purpose=_PURPOSE)).decode()}


def unsealed(params: Mapping[str, Any], *, key: bytes) -> dict[str, str]:
    """Return the token sealed into `params`, if it is still there; raise SealBroken when it was altered."""
    if not params.get(SEALED):
        return {}
    return {"token": unseal(base64.b64decode(params[SEALED]), key=key, purpose=_PURPOSE).decode()}


def without_token(params: Mapping[str, Any]) -> dict[str, Any]:
    """Return `params` with the token thrown away; the empty entry still says that there was one."""
    return {name: "" if name == SEALED else value for name, value in params.items()}


def _pack(value: object) -> Any:
    match value:
        case Money():
            return {"money": [value.minor, value.currency]}
        case datetime():
            return {"time": value.isoformat()}
        case date():
            return {"day": value.isoformat()}
        case list() | tuple():
            return [_pack(item) for item in value]
        case str() | int() | None:
            return value
        case _:
            raise TypeError(f"a letter cannot show a {type(value).__name__}")


def _unpack(value: Any) -> object:
    match value:
        case {"money": [int(minor), str(currency)]}:
            return Money(minor, currency)
        case {"time": str(text)}:
            return datetime.fromisoformat(text)
        case {"day": str(text)}:
            return date.fromisoformat(text)
        case list():
            return [_unpack(item) for item in value]
        case _:
            return value
