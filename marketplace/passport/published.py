"""What is published beside the passports: the issuer's document, the signed status lists, the bundle of files."""

import io
import zipfile
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.audit.models import AuditKey
from marketplace.audit.proving import prove_event
from marketplace.audit.refusals import NotSignedYet
from marketplace.audit.signing import latest_checkpoint
from marketplace.audit.verify import bundle_files as files
from marketplace.audit.verify.data_integrity import sign_document
from marketplace.audit.verify.did_web import did_document
from marketplace.audit.verify.documents import canonical_bytes
from marketplace.audit.verify.status_lists import LIST_BITS, status_list
from marketplace.passport import addresses, queries
from marketplace.passport.keys import Issuer, public_keys
from marketplace.passport.models import Passport

# How long a fetched list may be believed; a list older than that does not count.
LIST_VALID_FOR: Final = timedelta(days=7)
_FIXED_TIME: Final = (1980, 1, 1, 0, 0, 0)
_README: Final = """The passport of a lot, and what proves it.

Check it without us:

    python -m marketplace.audit.verify bundle BUNDLE.zip --key log.vkey

Take the key of the log (log.vkey) from somebody else than the one who gave you this file, or keep it from before.
With --did and --status you name the files did.json and the status list that you fetched yourself today.
If status-list.json is not in here, the check ends with 2, not everything could be checked: the passport may have been
revoked. Fetch the list from its address in passport.json, under credentialStatus, and name it with --status.
Any program for W3C Verifiable Credentials 2.0 reads passport.json (eddsa-jcs-2022) and passport.jwt (vc+jwt).
"""


def issuer_document(session: Session, *, did: str) -> dict[str, Any]:
    """Return did.json with every key there ever was."""
    return did_document(did, publics=public_keys(session, issuer=did))


def signed_list(session: Session, *, number: int, issuer: Issuer, base_url: str, now: datetime) -> bytes:
    """Return status list `number`, signed as of the hour, in canonical JSON."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    address = addresses.status_list_of(base_url, index=number * LIST_BITS)
    revoked = queries.revoked_bits(session, number=number)
    unsigned = status_list(address, issuer=issuer.did, revoked=revoked, since=hour, until=hour + LIST_VALID_FOR)
    return canonical_bytes(
        sign_document(unsigned, seed=issuer.key.seed, method=issuer.method, created=hour), what="list"
    )


def log_keys(session: Session) -> list[str]:
    """Return the keys of the log that counts now, one a line."""
    found = latest_checkpoint(session)
    if found is None:
        return []
    rows = select(AuditKey.vkey).where(
        AuditKey.origin == found.origin, AuditKey.end_reason.is_distinct_from("compromised")
    )
    return list(session.scalars(rows.order_by(AuditKey.added_at).limit(files.MAX_MEMBERS)))


def bundle_members(
    session: Session, *, passport: Passport, issuer: Issuer, base_url: str, now: datetime
) -> Mapping[str, bytes]:
    """Return the files of a passport's bundle; raises NotSignedYet until the log covers it."""
    proven = prove_event(session, event_id=queries.event_of(session, passport))
    keys = log_keys(session)
    if not keys:
        raise NotSignedYet
    number = passport.status_index // LIST_BITS
    return {
        files.PASSPORT: passport.credential.encode("utf-8"),
        files.ENVELOPED: passport.token.encode("ascii"),
        files.EVENTS: passport.events.encode("utf-8"),
        files.LEAF: proven.leaf,
        files.PROOF: proven.proof,
        files.DID: canonical_bytes(issuer_document(session, did=issuer.did), what="document of the issuer"),
        files.STATUS: signed_list(session, number=number, issuer=issuer, base_url=base_url, now=now),
        files.LOG_KEY: "".join(f"{key}\n" for key in keys).encode("utf-8"),
        files.POLICY: "".join([*(f"log {key}\n" for key in keys), "quorum none\n"]).encode("utf-8"),
        files.README: _README.encode("utf-8"),
    }


def zipped(members: Mapping[str, bytes]) -> bytes:
    """Return the zip; the same files give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            entry = zipfile.ZipInfo(name, _FIXED_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, content)
    return buffer.getvalue()
