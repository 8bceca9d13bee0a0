"""Our own terms expand in safe mode: nothing in the credential is dropped because no context knows it."""

from typing import Any

import pytest
from pyld import jsonld

from marketplace.passport.credentials import own_context
from marketplace.passport.epcis import custody_context

BASE = "https://market.example"
ADDRESS = f"{BASE}/contexts/passport/v1"
CUSTODY = f"{BASE}/contexts/custody/v1"


def loader(address: str, options: Any = None) -> dict[str, Any]:
    documents = {ADDRESS: own_context(BASE), CUSTODY: custody_context(BASE)}
    assert address in documents, "nothing else is fetched"
    return {
        "contentType": "application/ld+json",
        "contextUrl": None,
        "documentUrl": address,
        "document": documents[address],
    }


class Dropped(ValueError):
    pass


def refuse(name: str) -> None:
    raise Dropped(name)


def expand(document: dict[str, Any]) -> Any:
    """Expand as JSON-LD's safe mode does: what no context knows is an error."""
    return jsonld.expand(document, {"documentLoader": loader}, on_property_dropped=refuse)


def test_our_terms_have_a_meaning() -> None:
    found = expand(
        {
            "@context": [ADDRESS],
            "@id": f"{BASE}/l/X/v/2",
            "passportVersion": "2",
            "recordDigest": "sha256:00",
            "supersedes": f"{BASE}/l/X/v/1",
        }
    )

    assert sorted(found[0]) == [
        "@id",
        f"{ADDRESS}#passportVersion",
        f"{ADDRESS}#recordDigest",
        f"{ADDRESS}#supersedes",
    ]
    assert found[0][f"{ADDRESS}#supersedes"] == [{"@id": f"{BASE}/l/X/v/1"}]


def test_a_term_nobody_defined_is_noticed() -> None:
    with pytest.raises(Dropped, match="price"):
        expand({"@context": [ADDRESS], "@id": f"{BASE}/l/X", "passportVersion": "2", "price": "1"})


def test_the_terms_of_custody_have_a_meaning() -> None:
    event = {"@id": "urn:uuid:1", "custody:sealNumber": "S-1", "custody:tagNumbers": ["PX-1", "PX-2"]}
    found = expand({"@context": [CUSTODY], **event})[0]

    assert found[f"{CUSTODY}#sealNumber"][0]["@value"] == "S-1"
    assert [each["@value"] for each in found[f"{CUSTODY}#tagNumbers"]] == ["PX-1", "PX-2"]
