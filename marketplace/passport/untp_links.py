"""Links of UNTP documents to files that are not public, and to words of our own."""

import base64
from typing import Any, Final

from marketplace.passport import addresses

_SHA256: Final = bytes((0x12, 32))  # multihash: the code of SHA-256, and how many bytes follow


def term(base_url: str, name: str) -> str:
    """Return the address of a word of our own, beside the terms that the passport's own context defines."""
    return f"{base_url}{addresses.OWN_CONTEXT}#{name}"


def digest_link(name: str, sha256: str) -> dict[str, Any]:
    """Return a Link to a file named by its digest alone (RFC 6920, W3C digestMultibase); `sha256` is hex."""
    digest = bytes.fromhex(sha256)
    return {
        "linkURL": f"ni:///sha-256;{_base64url(digest)}",
        "linkName": name,
        "digestMultibase": f"u{_base64url(_SHA256 + digest)}",
    }


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")
