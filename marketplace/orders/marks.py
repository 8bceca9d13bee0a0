"""What people type about where they are, brought to one spelling, so that the same place has the same mark. Pure.

Names are no marks: half a village has the same, and a ring invents them.
"""

import unicodedata
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

# The country's own code and a leading zero are left out by half the people; nine digits tell the lines apart.
_TELEPHONE_DIGITS: Final = 9
_FEWEST_DIGITS: Final = 7
_SHORT: Final[Mapping[str, str]] = MappingProxyType(
    {"st": "street", "str": "strasse", "rd": "road", "ave": "avenue", "av": "avenue", "blvd": "boulevard", "no": ""}
)
# Domains under which strangers have their mail. A provider that is missing here joins its customers, which costs
# counted sales and never counts a false one.
MAIL_PROVIDERS: Final = frozenset(
    {
        "126.com", "163.com", "africaonline.co.tz", "aol.com", "bluewin.ch", "fastmail.com", "free.fr", "gmail.com",
        "gmx.at", "gmx.ch", "gmx.de", "gmx.net", "googlemail.com", "hey.com", "hotmail.co.uk", "hotmail.com",
        "hotmail.es", "hotmail.fr", "icloud.com", "laposte.net", "libero.it", "live.com", "mac.com", "mail.com",
        "mail.ru", "me.com", "msn.com", "naver.com", "orange.fr", "outlook.com", "outlook.de", "outlook.es",
        "outlook.fr", "posteo.de", "proton.me", "protonmail.com", "qq.com", "rediffmail.com", "sfr.fr", "t-online.de",
        "tuta.com", "tutanota.com", "wanadoo.fr", "web.de", "yahoo.ca", "yahoo.co.in", "yahoo.co.uk", "yahoo.com",
        "yahoo.de", "yahoo.es", "yahoo.fr", "yandex.com", "yandex.ru", "ymail.com", "zoho.com",
    }
)  # fmt: skip
# Reserved for examples and tests (RFC 2606, RFC 6761): nobody's company.
_RESERVED: Final = ("example", "example.com", "example.net", "example.org", "invalid", "localhost", "test")


def address_marks(*, street: str, city: str, postcode: str, country: str) -> frozenset[str]:
    """Return the spellings under which an address is known: by its postcode, when it has one, and by its town.

    Case, accents, punctuation, spaces and the order of words do not matter. Two marks, because people leave the
    postcode out and write the town in another language. An address without street and country has none.
    """
    house, land = _words(street), _words(country)
    if not house or not land:
        return frozenset()
    places = {"postcode": _solid(postcode), "city": _words(city)}
    return frozenset(f"{land}|{kind}|{place}|{house}" for kind, place in places.items() if place)


def telephone_mark(typed: str | None) -> str | None:
    """Return the last nine digits of a telephone number; None for one too short to tell lines apart."""
    digits = "".join(str(unicodedata.digit(sign)) for sign in typed or "" if sign.isdecimal())
    return digits[-_TELEPHONE_DIGITS:] if len(digits) >= _FEWEST_DIGITS else None


def domain_mark(email: str | None) -> str | None:
    """Return the domain of an e-mail address when it is a company's own; None at a mail provider."""
    domain = (email or "@").rpartition("@")[2].strip().strip(".").casefold()
    is_reserved = any(domain == reserved or domain.endswith(f".{reserved}") for reserved in _RESERVED)
    return None if not domain or is_reserved or domain in MAIL_PROVIDERS else domain


def _words(text: str) -> str:
    """Return the words of a text in plain letters, sorted, abbreviations written out."""
    plain = "".join(sign if sign.isalnum() else " " for sign in _plain(text))
    words = (_SHORT.get(word, word) for word in plain.split())
    return " ".join(sorted(_written_out(word) for word in words if word))


def _written_out(word: str) -> str:
    return f"{word}asse" if word.endswith("str") and len(word) > len("str") else word


def _solid(text: str) -> str:
    return "".join(sign for sign in _plain(text) if sign.isalnum())


def _plain(text: str) -> str:
    """Return a text in small letters without accents; "ß" becomes "ss"."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign))
