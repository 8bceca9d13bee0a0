"""The fields of all schemas: strict, bounded and with words of our own."""

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, Final

import marshmallow as ma
from marshmallow.validate import Length, OneOf, Range, Regexp

from marketplace.core.money import EXPONENT
from marketplace.core.text import N_

# What a JSON number carries exactly everywhere (RFC 8259, section 6).
LARGEST_SAFE: Final = 2**53 - 1
_WORDS: Final = {
    "required": N_("This field is needed."),
    "null": N_("This field may not be null."),
    "validator_failed": N_("This value is not possible."),
}
_DECIMAL: Final = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,10})?")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LIMIT_WORDS: Final = N_("Send a whole number from 1 to 100.")
_LIMIT: Final = re.compile(r"[1-9][0-9]{0,2}")


class Strict(ma.Schema):
    """A schema that knows every field it takes."""

    class Meta:
        """Refuse what is not declared."""

        unknown = ma.RAISE
        ordered = True

    error_messages = {"unknown": N_("There is no such field."), "type": N_("Send an object.")}


class Text(ma.fields.String):
    """Text of a bounded length, without control characters other than line breaks."""

    default_error_messages = {
        **_WORDS,
        "invalid": N_("Send text."),
        "invalid_utf8": N_("Send text."),
    }

    def __init__(self, *, most: int | None = None, least: int = 0, pattern: str | None = None, **options: Any) -> None:
        validators: list[Any] = []
        if most is not None:
            validators.append(Length(min=least, max=most, error=N_("This text is too long or too short.")))
        if pattern is not None:
            validators.append(Regexp(rf"{pattern}\Z", error=N_("This text does not have the form asked for.")))
            options["metadata"] = {**options.get("metadata", {}), "pattern": f"^{pattern}$"}
        super().__init__(validate=validators or None, **options)


class Code(ma.fields.String):
    """One of a list of codes."""

    default_error_messages = {**_WORDS, "invalid": N_("Send one of the codes.")}

    def __init__(self, codes: Iterable[str], **options: Any) -> None:
        super().__init__(validate=OneOf(list(codes), error=N_("This is none of the codes.")), **options)


class Whole(ma.fields.Integer):
    """A whole number within bounds; 7.0, "7" and true are not whole numbers."""

    default_error_messages = {
        **_WORDS,
        "invalid": N_("Send a whole number."),
        "too_large": N_("This number is too large."),
    }

    def __init__(self, *, least: int = -LARGEST_SAFE, most: int = LARGEST_SAFE, **options: Any) -> None:
        bounds = Range(min=least, max=most, error=N_("This number is outside what the field takes."))
        super().__init__(strict=True, validate=bounds, **options)


class Flag(ma.fields.Boolean):
    """True or false, nothing that only looks like it."""

    default_error_messages = {**_WORDS, "invalid": N_("Send true or false.")}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class Exact(ma.fields.String):
    """A decimal above or equal to zero, as text, because a JSON number may lose digits on its way."""

    default_error_messages = {**_WORDS, "invalid": N_('Send a decimal as text, such as "916.7".')}

    def __init__(self, *, least: Decimal = Decimal(0), most: Decimal | None = None, **options: Any) -> None:
        self._least, self._most = least, most
        options["metadata"] = {**options.get("metadata", {}), "pattern": f"^{_DECIMAL.pattern}$"}
        super().__init__(**options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, str) or not _DECIMAL.fullmatch(value):
            raise self.make_error("invalid")
        number = Decimal(value)
        if number < self._least or (self._most is not None and number > self._most):
            raise self.make_error("validator_failed")
        return number


class Day(ma.fields.String):
    """A day as year-month-day."""

    default_error_messages = {**_WORDS, "invalid": N_("Send a day such as 2026-09-29.")}

    def __init__(self, **options: Any) -> None:
        options["metadata"] = {**options.get("metadata", {}), "format": "date"}
        super().__init__(**options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, str) or not _DAY.fullmatch(value) or not value.isascii():
            raise self.make_error("invalid")
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise self.make_error("invalid") from None


class Moment(ma.fields.DateTime):
    """A point in time, written in UTC (RFC 3339)."""

    def __init__(self, **options: Any) -> None:
        super().__init__(format="iso", **options)


class Limit(ma.fields.Integer):
    """How many rows a page has, from a query parameter."""

    default_error_messages = {**_WORDS, "invalid": _LIMIT_WORDS}

    def __init__(self, **options: Any) -> None:
        super().__init__(validate=Range(min=1, max=100, error=_LIMIT_WORDS), **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if not isinstance(value, str) or not _LIMIT.fullmatch(value):
            raise self.make_error("invalid")
        return int(value)


class CurrencyCode(Code):
    """A currency the marketplace knows (ISO 4217)."""

    def __init__(self, **options: Any) -> None:
        super().__init__(sorted(EXPONENT), **options)


class MoneySchema(Strict):
    """An amount in whole minor units (cents) of a currency."""

    amount_minor = Whole(required=True, metadata={"description": "Whole minor units, such as cents."})
    currency = CurrencyCode(required=True, metadata={"description": "ISO 4217 code."})
