"""Expand our linked data as JSON-LD's safe mode does, over published contexts in a folder and our own."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pyld import jsonld

from marketplace.passport.credentials import own_context
from marketplace.passport.untp import CONTEXTS, VERSION

FILES = {CONTEXTS[0]: "w3c/credentials-v2.jsonld", CONTEXTS[1]: f"untp-{VERSION}/untp-context-{VERSION}.jsonld"}
# Under its classes' own addresses UNTP's contexts put whatever they do not define: there no term of ours may land.
UNDEFINED = re.compile(
    r"https://vocabulary\.uncefact\.org/untp/"
    r"(DigitalProductPassport|DigitalTraceabilityEvent|Product|Facility|Party|Criterion|Claim|CredentialIssuer|"
    r"LifecycleEvent|MakeEvent|MoveEvent|ModifyEvent|Standard|Regulation)#"
)


class Dropped(ValueError):
    """A term that no context knows: JSON-LD would leave it out without a word."""


def undefined(folder: Path, document: dict[str, Any], *, base: str) -> Iterator[str]:
    """Yield every name of a document that means nothing; raise Dropped for one that would be left out."""
    for name in _names(_expand(folder, document, base)):
        if UNDEFINED.match(name) or (":" not in name and not name.startswith("@")):
            yield f"JSON-LD: {name} is not defined"


def _expand(folder: Path, document: dict[str, Any], base: str) -> Any:
    def load(address: str, options: object = None) -> dict[str, Any]:
        known = own_context(base) if address.startswith(base) else json.loads((folder / FILES[address]).read_text())
        return {
            "contentType": "application/ld+json",
            "contextUrl": None,
            "documentUrl": address,
            "document": known,
        }

    def refuse(name: str) -> None:
        raise Dropped(name)

    return jsonld.expand(document, {"documentLoader": load}, on_property_dropped=refuse)


def _names(expanded: Any) -> Iterator[str]:
    """Yield every property, type and identifier of an expanded document."""
    if isinstance(expanded, list):
        for each in expanded:
            yield from _names(each)
    elif isinstance(expanded, dict):
        for name, value in expanded.items():
            yield name
            if name in {"@id", "@type"}:
                yield from value if isinstance(value, list) else [value]
            else:
                yield from _names(value)
