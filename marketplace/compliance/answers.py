"""Read a form's answers strictly, keeping every error so that all are told at once."""

import re
from collections.abc import Collection, Mapping
from datetime import date
from typing import Final

from marketplace.core.errors import FieldError, InvalidInput
from marketplace.core.text import N_

LONGEST_LINE: Final = 120
LARGEST_COUNT: Final = 100_000
_PHONE: Final = re.compile(r"\+[1-9][0-9]{7,14}")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class Answers:
    """Collect values and errors; `finish` raises InvalidInput when anything was wrong."""

    def __init__(self, given: Mapping[str, str]) -> None:
        self._given = given
        self.errors: dict[str, FieldError] = {}

    def refuse(self, name: str, message: str, **params: object) -> None:
        """Note why a field needs another value; the first reason stays."""
        self.errors.setdefault(name, FieldError(message, **params))

    def typed(self, name: str) -> str:
        """Return the text as typed, without spaces at its ends."""
        return str(self._given.get(name) or "").replace("\r\n", "\n").strip()

    def line(self, name: str, *, empty: str | None = None, most: int = LONGEST_LINE) -> str:
        """Return one line of text; `empty` is what to say when it is missing and must not be."""
        text = self.typed(name)
        if not text and empty:
            self.refuse(name, empty)
        if len(text) > most:
            self.refuse(name, N_("Use at most %(most)s letters."), most=most)
        if _CONTROL.search(text):
            self.refuse(name, N_("Leave out the characters that cannot be printed."))
        return text

    def choice(self, name: str, allowed: Collection[str]) -> str:
        """Return one of the codes allowed."""
        code = self.typed(name)
        if code not in allowed:
            self.refuse(name, N_("Choose one."))
        return code

    def count(self, name: str, *, empty: str) -> int:
        """Return a whole number from nought to a hundred thousand."""
        text = self.typed(name).replace(" ", "").replace("\u00a0", "")
        if not text:
            self.refuse(name, empty)
        elif not re.fullmatch("[0-9]{1,6}", text, re.ASCII) or int(text) > LARGEST_COUNT:
            self.refuse(name, N_("Enter a whole number, such as 45."))
        else:
            return int(text)
        return 0

    def day(self, name: str, *, empty: str | None = None) -> date | None:
        """Return a day written as the browser's date field sends it, or None when it may be left empty."""
        text = self.typed(name)
        if not text:
            if empty:
                self.refuse(name, empty)
            return None
        try:
            found = date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII) else None
        except ValueError:
            found = None
        if found is None or not 1900 <= found.year <= 2100:
            self.refuse(name, N_("Enter the day as year-month-day, such as 2026-09-29."))
        return found

    def phone(self, name: str, *, empty: str) -> str:
        """Return a telephone number in the international form (E.164)."""
        text = re.sub(r"[\s().-]", "", self.typed(name))
        if not text:
            self.refuse(name, empty)
        elif not _PHONE.fullmatch(text):
            self.refuse(name, N_("Enter the number with + and the country’s code, such as +255 712 345 678."))
        return text

    def finish(self) -> None:
        """Raise InvalidInput with every error noted."""
        if self.errors:
            raise InvalidInput(self.errors)
