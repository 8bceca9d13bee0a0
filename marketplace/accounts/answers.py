"""Read what people type about themselves; every field's problem is told at once."""

import re
import unicodedata
from collections.abc import Collection, Mapping

from babel import Locale
from email_validator import EmailNotValidError, validate_email

from marketplace.accounts import passwords
from marketplace.core.errors import FieldError, InvalidInput
from marketplace.core.text import N_

LANGUAGES = ("en", "sw", "fr", "es")
LONGEST_EMAIL = 254
# ISO 3166-1: Babel also knows groups (EU, UN), places outside countries (EA) and "unknown" (ZZ).
_NO_COUNTRIES = frozenset({"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"})
COUNTRIES: frozenset[str] = (
    frozenset(code for code in map(str, Locale("en").territories) if re.fullmatch("[A-Z]{2}", code)) - _NO_COUNTRIES
)
_PHONE = re.compile(r"\+[1-9][0-9]{7,14}")
_PHONE_MARKS = re.compile(r"[ ().\-\u00a0\u202f]")
_REFUSED_CATEGORIES = frozenset({"Cc", "Cs", "Co", "Cn"})
# Marks that turn the direction of a line could make one name look like another.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")

NEEDED = N_("Fill this in.")
# The summary on top of a form lists the messages without their labels, so each names its field.
NEEDED_OF = {
    "email": N_("Write the e-mail address."),
    "name": N_("Write the name."),
    "company": N_("Write the name of the company."),
    "password": N_("Write a new password."),
    "label": N_("Write what it is for."),
}
NOT_OFFERED_OF = {
    "country": N_("Choose a country."),
    "language": N_("Choose a language."),
    "role": N_("Choose a role."),
    "level": N_("Choose a level."),
}
NOT_TEXT = N_("Use letters, digits and ordinary signs only.")
TOO_LONG = N_("Use at most %(most)s characters.")
NOT_EMAIL = N_("Write an e-mail address such as name@example.org.")
NOT_PHONE = N_("Write the number with its country, such as +255 712 345 678.")
NOT_OFFERED = N_("Choose one from the list.")


class AnswerReader:
    """Read a form field by field; `finish` raises InvalidInput when one was not usable."""

    def __init__(self, form: Mapping[str, str]) -> None:
        self._form = form
        self.errors: dict[str, FieldError] = {}

    def line(self, name: str, *, most: int, needed: bool = True) -> str:
        """Return one line of text without spaces around; empty when it is refused."""
        text = re.sub(" +", " ", unicodedata.normalize("NFC", self._form.get(name, "").strip()))
        if not text:
            return self._refuse(name, FieldError(NEEDED_OF.get(name, NEEDED))) if needed else ""
        if len(text) > most:
            return self._refuse(name, FieldError(TOO_LONG, most=most))
        if not is_plain(text):
            return self._refuse(name, FieldError(NOT_TEXT))
        return text

    def email(self, name: str = "email") -> str:
        """Return an address in lower case."""
        text = self._form.get(name, "").strip()
        if not text:
            return self._refuse(name, FieldError(NEEDED_OF.get(name, NEEDED)))
        try:
            found = validate_email(text[: LONGEST_EMAIL + 1], check_deliverability=False).normalized.lower()
        except EmailNotValidError:
            return self._refuse(name, FieldError(NOT_EMAIL))
        return found if is_plain(found) else self._refuse(name, FieldError(NOT_EMAIL))

    def phone(self, name: str = "phone") -> str | None:
        """Return a number as +255712345678, or None when the field is empty."""
        text = _PHONE_MARKS.sub("", self._form.get(name, "").strip())
        if not text:
            return None
        if not _PHONE.fullmatch(text):
            self._refuse(name, FieldError(NOT_PHONE))
            return None
        return text

    def choice(self, name: str, allowed: Collection[str]) -> str:
        """Return one of the values offered."""
        text = self._form.get(name, "").strip()
        return text if text in allowed else self._refuse(name, FieldError(NOT_OFFERED_OF.get(name, NOT_OFFERED)))

    def new_password(self, name: str, *, personal: Collection[str]) -> str:
        """Return a password that may be used, exactly as typed."""
        typed = self._form.get(name, "")
        if not typed:
            return self._refuse(name, FieldError(NEEDED_OF.get(name, NEEDED)))
        problem = passwords.weakness(typed, personal=personal)
        if problem is None:
            return typed
        return self._refuse(name, FieldError(problem, least=passwords.SHORTEST, most=passwords.LONGEST))

    def refuse(self, name: str, message: str) -> None:
        """Note a problem the caller found."""
        self._refuse(name, FieldError(message))

    def finish(self) -> None:
        """Raise InvalidInput with every problem found."""
        if self.errors:
            raise InvalidInput(self.errors)

    def _refuse(self, name: str, error: FieldError) -> str:
        self.errors[name] = error
        return ""


def is_plain(text: str) -> bool:
    """Tell whether a text holds no control, turning or undefined characters."""
    return not any(unicodedata.category(sign) in _REFUSED_CATEGORIES or sign in _TURNING for sign in text)


def searched(text: str, *, most: int = 100) -> str:
    """Return search words as the database can take them."""
    return "".join(sign for sign in text[:most] if is_plain(sign)).strip()
