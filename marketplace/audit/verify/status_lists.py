"""Which credentials were revoked: one bit each in a compressed list that is a signed credential itself.

Source: W3C Bitstring Status List 1.0. The first bit is the most significant one of the first byte.
"""

import gzip
import zlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from ..tlog.errors import DoesNotHold, Malformed
from .documents import read_time, time_text
from .multibase import base64url_bytes, base64url_text

LIST_BITS: Final = 131_072
MAX_LIST_BYTES: Final = 1_048_576
PURPOSE: Final = "revocation"
CREDENTIALS_CONTEXT: Final = "https://www.w3.org/ns/credentials/v2"


def encoded_list(revoked: Iterable[int]) -> str:
    """Return 131,072 bits with those of the revoked set: gzip in multibase base64url."""
    bits = bytearray(LIST_BITS // 8)
    for index in revoked:
        bits[index // 8] |= 0x80 >> index % 8
    return "u" + base64url_text(gzip.compress(bytes(bits), mtime=0))


def decoded_list(text: str) -> bytes:
    """Return the bits; raises Malformed (`status-list`, `base64url`)."""
    if not text.startswith("u"):
        raise Malformed("status-list", "The list of revoked credentials is not base64url with a u in front.")
    raw = base64url_bytes(text[1:], what="list of revoked credentials")
    reader = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        bits = reader.decompress(raw, MAX_LIST_BYTES + 1)
    except zlib.error as error:
        raise Malformed("status-list", "The list of revoked credentials is not compressed with gzip.") from error
    if not LIST_BITS // 8 <= len(bits) <= MAX_LIST_BYTES or not reader.eof or reader.unused_data:
        raise Malformed("status-list", "The list of revoked credentials is too short, too long or cut.")
    return bits


def status_entry(address: str, *, index: int) -> dict[str, str]:
    """Return the `credentialStatus` of the credential whose bit is `index` in the list at an address."""
    return {
        "id": f"{address}#{index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": PURPOSE,
        "statusListIndex": str(index),
        "statusListCredential": address,
    }


def status_list(
    address: str, *, issuer: str, revoked: Iterable[int], since: datetime, until: datetime
) -> dict[str, Any]:
    """Return the list as a credential that still has to be signed."""
    return {
        "@context": [CREDENTIALS_CONTEXT],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": time_text(since),
        "validUntil": time_text(until),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": PURPOSE,
            "encodedList": encoded_list(revoked),
        },
    }


def check_not_revoked(entry: object, *, listed: Mapping[str, Any], at: datetime) -> datetime:
    """Check a credential's status against the list, whose signature is checked already; return when the list is of.

    Raises DoesNotHold (`revoked`, `other-list`, `list-expired`) and Malformed (`status`, `status-list`, `time`).
    """
    subject = listed.get("credentialSubject")
    if not isinstance(entry, dict) or not isinstance(subject, dict):
        raise Malformed("status", "The credential does not say where its status stands.")
    purposes = (entry.get("statusPurpose"), subject.get("statusPurpose"))
    if entry.get("statusListCredential") != listed.get("id") or purposes != (PURPOSE, PURPOSE):
        raise DoesNotHold("other-list", "The list of revoked credentials is not the one that the credential names.")
    since = read_time(listed.get("validFrom"), what="from which the list is valid")
    if read_time(listed.get("validUntil"), what="until which the list is valid") < at:
        raise DoesNotHold("list-expired", "The list of revoked credentials is too old. Fetch it again.")
    bits, index = decoded_list(str(subject.get("encodedList"))), _index_of(entry)
    if index >= len(bits) * 8:
        raise Malformed("status", "The credential's place is behind the end of the list.")
    if bits[index // 8] & 0x80 >> index % 8:
        raise DoesNotHold("revoked", "The issuer has revoked this credential.")
    return since


def _index_of(entry: Mapping[str, Any]) -> int:
    text = entry.get("statusListIndex")
    if not isinstance(text, str) or not (text.isascii() and text.isdigit() and len(text) <= 8):
        raise Malformed("status", "The credential's place in the list is not a number.")
    return int(text)
