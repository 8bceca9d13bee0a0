"""Text messages in their reader's language: few sentences, each whole, with a catalogue of their own.

The catalogues are read from their sources at first use, so no step of the build can be forgotten.
"""

from collections.abc import Mapping
from functools import cache
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import Final

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

from marketplace.core.sms import sms_safe

DOMAIN: Final = "texts"
CATALOGUES: Final = Path(__file__).parent / DOMAIN
LANGUAGES: Final = ("en", "sw", "fr", "es")


def S_(message: str) -> str:  # noqa: N802 - named like N_, which marks the texts of pages and letters
    """Return `message` unchanged; the mark tells that it belongs to the catalogue of text messages."""
    return message


CODE: Final = "price_text_code"
FINISHED: Final = "price_of_the_day"
# What each template says. A finished text was written when it was decided; the code stays sealed until it is sent.
TEMPLATES: Final[Mapping[str, str]] = MappingProxyType(
    {
        CODE: S_(
            "%(token)s is your code for the gold price by text message. It works for 15 minutes. "
            "If you did not ask for it, do nothing."
        ),
        FINISHED: "%(text)s",
    }
)


def say(message: str, *, language: str) -> str:
    """Return a marked sentence in a language, with its placeholders; English where it has no translation."""
    return _catalogue(language).ugettext(message)


def render_text(template: str, params: Mapping[str, object], *, language: str) -> str:
    """Write a text message in the letters of GSM-7; a parameter that is missing raises KeyError."""
    return sms_safe(say(TEMPLATES[template], language=language) % params)


@cache
def _catalogue(language: str) -> NullTranslations:
    source = CATALOGUES / language / "LC_MESSAGES" / f"{DOMAIN}.po"
    if language not in LANGUAGES or not source.is_file():
        return NullTranslations()
    compiled = BytesIO()
    with source.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return Translations(compiled, domain=DOMAIN)
