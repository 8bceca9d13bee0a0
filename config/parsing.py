"""Read one setting at a time from a mapping of strings, collecting every complaint."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

TRUE_WORDS = ("1", "true", "yes", "on")
FALSE_WORDS = ("0", "false", "no", "off")


class SettingsError(Exception):
    """Every problem found in the environment, one a line."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("The settings cannot be used:\n" + "\n".join(f"  - {problem}" for problem in problems))


@dataclass
class Reader:
    """The values given, and the problems met while reading them.

    A value that cannot be used is noted in `problems` and its default is returned, so that
    one start tells everything that is wrong instead of one thing at a time.
    """

    values: Mapping[str, str]
    problems: list[str] = field(default_factory=list)

    def text(self, name: str, default: str = "") -> str:
        """Return the trimmed value, or the default when it is absent or empty."""
        return self.values.get(name, "").strip() or default

    def optional(self, name: str) -> str | None:
        """Return the trimmed value, or None when it is absent or empty."""
        return self.text(name) or None

    def choice(self, name: str, default: str, *, allowed: tuple[str, ...]) -> str:
        """Return one of the allowed words."""
        value = self.text(name, default)
        if value in allowed:
            return value
        self.problems.append(f"{name} is {value!r}; it must be one of: {', '.join(allowed)}")
        return default

    def number(self, name: str, default: int, *, at_least: int, at_most: int) -> int:
        """Return a whole number within both bounds."""
        given = self.text(name, str(default))
        try:
            value = int(given)
        except ValueError:
            self.problems.append(f"{name} is {given!r}; it must be a whole number")
            return default
        if at_least <= value <= at_most:
            return value
        self.problems.append(f"{name} is {value}; it must be between {at_least} and {at_most}")
        return default

    def yes_or_no(self, name: str, *, default: bool) -> bool:
        """Return a truth value written as yes or no."""
        given = self.text(name, "yes" if default else "no").lower()
        if given in TRUE_WORDS or given in FALSE_WORDS:
            return given in TRUE_WORDS
        self.problems.append(f"{name} is {given!r}; it must be yes or no")
        return default

    def address(self, name: str, default: str | None, *, schemes: tuple[str, ...]) -> str | None:
        """Return an address with one of the schemes, without a slash at its end."""
        given = self.text(name, default or "")
        if not given:
            return None
        if urlsplit(given).scheme in schemes:
            return given.rstrip("/")
        self.problems.append(f"{name} must begin with {' or '.join(f'{scheme}://' for scheme in schemes)}")
        return default

    def key_of_32_bytes(self, name: str, default: bytes = b"") -> bytes:
        """Return 32 bytes written in base64; the value itself never appears in a message."""
        given = self.text(name)
        if not given:
            return default
        try:
            key = base64.b64decode(given, altchars=b"-_" if set("-_") & set(given) else None, validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if len(key) != 32:
            self.problems.append(f"{name} must be 32 bytes written in base64")
            return default
        return key
