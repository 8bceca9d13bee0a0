"""A passport's bundle made by hand: keys from fixed seeds, a log of three entries, everything signed."""

import hashlib
import io
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import rfc8785

from marketplace.audit.tlog.keys import SignerKey
from marketplace.audit.tlog.merkle import inclusion_proof
from marketplace.audit.tlog.notes import sign_note
from marketplace.audit.tlog.policy import Policy
from marketplace.audit.tlog.proofs import Proof
from marketplace.audit.verify.data_integrity import sign_document
from marketplace.audit.verify.did_web import did_document, method_id
from marketplace.audit.verify.jose import sign_token
from marketplace.audit.verify.multibase import multikey
from marketplace.audit.verify.passports import CONTEXTS, Question
from marketplace.audit.verify.status_lists import status_entry, status_list
from tests.unit.audit.tlog.small_log import LOG, SmallLog, leaf

DID = "did:web:market.example"
SEED = b"P" * 32
PUBLIC = SignerKey(DID, SEED).verifier.public
METHOD = method_id(DID, public=PUBLIC)
LIST = "https://market.example/status-lists/0"
MOMENT = datetime(2026, 11, 28, 12, tzinfo=UTC)
POLICY = Policy(logs=(LOG.verifier,), witnesses={}, groups={}, quorum="none", urls={})


def credential() -> dict[str, Any]:
    return {
        "@context": [*CONTEXTS, "https://market.example/contexts/passport/v1"],
        "id": "https://market.example/l/TZ-7F3K-92QD/v/1",
        "type": ["DigitalProductPassport", "VerifiableCredential"],
        "issuer": {"type": ["CredentialIssuer"], "id": DID, "name": "Pact"},
        "validFrom": "2026-11-28T11:00:00Z",
        "validUntil": "2036-11-28T11:00:00Z",
        "name": "Passport of lot TZ-7F3K-92QD",
        "credentialStatus": status_entry(LIST, index=3),
        "credentialSubject": {"id": "https://market.example/l/TZ-7F3K-92QD", "name": "Tanzanite"},
    }


def small_files(
    unsigned: Mapping[str, Any] | None = None,
    *,
    revoked: tuple[int, ...] = (),
    action: str = "passport.issue",
    outcome: str = "ok",
    log_signer: SignerKey = LOG,
    seed: bytes = SEED,
) -> dict[str, bytes]:
    """Return the files of a bundle in which everything fits together, whatever the credential says."""
    unsigned = unsigned or credential()
    public = SignerKey(DID, seed).verifier.public
    method = method_id(DID, public=public)
    signed = rfc8785.dumps(sign_document(unsigned, seed=seed, method=method, created=MOMENT))
    token = sign_token(unsigned, seed=seed, method=method, issuer=DID).encode()
    events = b'{"type":"EPCISDocument"}'
    digests = {
        name: hashlib.sha256(each).hexdigest()
        for name, each in (("credential", signed), ("jwt", token), ("events", events))
    }
    entry = rfc8785.dumps({"act": action, "out": outcome, "obj": {**digests, "key": multikey(public)}, "_sd": []})
    log = SmallLog([leaf(0), entry, leaf(2)])
    checkpoint = sign_note(log.checkpoint().text, signers=[log_signer])
    listed = status_list(LIST, issuer=DID, revoked=revoked, since=MOMENT, until=MOMENT + timedelta(days=7))
    return {
        "passport.json": signed,
        "passport.jwt": token,
        "events.epcis.json": events,
        "leaf.json": entry,
        "passport.tlog-proof": Proof(1, tuple(inclusion_proof(1, 3, log.nodes)), checkpoint).to_bytes(),
        "did.json": rfc8785.dumps(did_document(DID, publics=[public])),
        "log.vkey": f"{log_signer.verifier.text}\n".encode(),
        "status-list.json": rfc8785.dumps(sign_document(listed, seed=seed, method=method, created=MOMENT)),
    }


def small_bundle(files: Mapping[str, bytes] | None = None, *, is_stored: bool = False) -> bytes:
    """Return the zip of the files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED if is_stored else zipfile.ZIP_DEFLATED) as archive:
        for name, content in (files or small_files()).items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return buffer.getvalue()


def asked(files: Mapping[str, bytes], *, at: datetime = MOMENT) -> Question:
    return Question(files, POLICY, at=at)
