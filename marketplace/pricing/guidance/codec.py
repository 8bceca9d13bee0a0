"""Typed values as canonical JSON values and back: decimals, fractions and dates are text, money is a small object.

How a type is written and read is worked out once and kept: looking at type hints costs more than the guidance itself.
"""

import types
from collections.abc import Callable, Hashable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any, Literal, Union, cast, get_args, get_origin, get_type_hints

from marketplace.core.money import Money
from marketplace.pricing.comparables import WeightedPrice
from marketplace.pricing.description import LotDescription
from marketplace.pricing.guidance.result import GuidanceInputs

Reader = Callable[[Any], Any]

# Fields that came with a later formula; a snapshot of an earlier one does not hold them.
_SINCE: Mapping[tuple[type, str], int] = types.MappingProxyType(
    {
        (LotDescription, "parcel"): 2,
        (GuidanceInputs, "set_aside"): 2,
        (WeightedPrice, "likeness"): 2,
        (WeightedPrice, "piece_mg"): 2,
    }
)


class NotReadable(ValueError):
    """A stored value is not of the type it should have."""


def encoded(value: Any, *, version: int) -> Any:
    """Return a value as canonical JSON; fields that a later formula than `version` brought are left out."""
    writer = _WRITERS.get(type(value))
    if writer is not None:
        return writer(value)
    if isinstance(value, tuple):
        return [encoded(item, version=version) for item in value]
    names = _names_of(cast(Hashable, type(value)), version)
    return {name: encoded(getattr(value, name), version=version) for name in names}


def decoded(kind: Any, value: Any) -> Any:
    """Return a stored value as `kind`; raises NotReadable, and what the type itself refuses."""
    return reader_of(kind)(value)


@cache
def reader_of(kind: Hashable) -> Reader:
    """Return what reads a stored value of a type."""
    origin = get_origin(kind)
    if origin in {Union, types.UnionType}:
        return _optional(next(part for part in get_args(kind) if part is not type(None)))
    if origin is tuple:
        return _tuple_of(get_args(kind)[0])
    if origin is Literal:
        return _one_of(get_args(kind))
    if is_dataclass(kind):
        return _dataclass(kind)
    return _plain(kind)


@cache
def _names_of(kind: Hashable, version: int) -> tuple[str, ...]:
    names = (each.name for each in fields(cast(Any, kind)))
    return tuple(name for name in names if _SINCE.get((cast(type, kind), name), 0) <= version)


def _optional(inner: Any) -> Reader:
    read = reader_of(inner)
    return lambda value: None if value is None else read(value)


def _tuple_of(inner: Any) -> Reader:
    read = reader_of(inner)
    return lambda value: tuple(read(item) for item in _checked(value, list))


def _one_of(codes: tuple[str, ...]) -> Reader:
    def read(value: Any) -> Any:
        if value not in codes:
            raise NotReadable(f"{value!r} is none of {', '.join(codes)}")
        return value

    return read


def _dataclass(kind: Any) -> Reader:
    hints = get_type_hints(kind)
    readers = {each.name: reader_of(hints[each.name]) for each in fields(kind)}

    def read(value: Any) -> Any:
        try:
            return kind(**{name: readers[name](item) for name, item in _checked(value, dict).items()})
        except (KeyError, TypeError) as error:
            raise NotReadable(f"this is no {kind.__name__}: {error}") from error

    return read


def _plain(kind: Any) -> Reader:
    if kind is date:
        return lambda value: date.fromisoformat(_checked(value, str))
    if kind in {Decimal, Fraction}:
        return lambda value: _number(kind, _checked(value, str))
    return lambda value: _checked(value, kind)


def _number(kind: Any, text: str) -> Any:
    try:
        return kind(text)
    except (ArithmeticError, ValueError) as error:
        raise NotReadable(f"{text!r} is no number") from error


def _checked(value: Any, kind: Any) -> Any:
    # `type(...) is` on purpose: JSON's true is no number here
    if type(value) is not kind:
        raise NotReadable(f"{value!r} is not of the type {kind.__name__}")
    return value


def _same(value: Any) -> Any:
    return value


_WRITERS: Mapping[type, Callable[[Any], Any]] = types.MappingProxyType(
    {
        Money: lambda money: {"minor": money.minor, "currency": money.currency},
        Decimal: lambda number: f"{number:f}",
        Fraction: lambda number: f"{number.numerator}/{number.denominator}",
        date: date.isoformat,
        str: _same,
        int: _same,
        bool: _same,
        type(None): _same,
    }
)
