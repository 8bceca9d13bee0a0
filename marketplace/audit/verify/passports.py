"""What holds of a lot's passport, line by line: signatures, contexts, dates, revocation, and its place in the log."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from ..tlog.errors import DoesNotHold, Malformed, TlogError
from ..tlog.leaves import parse_leaf
from ..tlog.merkle import leaf_hash
from ..tlog.policy import Policy
from ..tlog.proofs import parse_proof, verify_proof
from . import bundle_files as files
from .data_integrity import check_contexts, check_signature, method_of, without_proof
from .did_web import key_for
from .documents import canonical_bytes, read_document, read_time
from .jose import check_token, parse_token
from .multibase import multikey
from .status_lists import check_not_revoked

CONTEXTS: Final = (
    "https://www.w3.org/ns/credentials/v2",
    "https://vocabulary.uncefact.org/untp/0.7.0/context/",
)
ISSUE: Final = "passport.issue"


class State(StrEnum):
    """How a check ended; UNKNOWN where a file it needs is not there."""

    HOLDS = "holds"
    FAILS = "fails"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the answer: `name` and `code` are for programs and never change."""

    name: str
    state: State
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Question:
    """A bundle, what the reader trusts, and when it is asked. `did` and `status` replace the bundle's own files."""

    files: Mapping[str, bytes]
    policy: Policy
    at: datetime
    origin: str | None = None
    did: bytes | None = None
    status: bytes | None = None

    @property
    def credential(self) -> dict[str, Any]:
        """Return the credential; raises Malformed."""
        return read_document(self.files[files.PASSPORT], what="passport")

    @property
    def did_document(self) -> dict[str, Any]:
        """Return the issuer's document; raises Malformed."""
        return read_document(self.did or self.files[files.DID], what="document of the issuer")


def check_passport(question: Question) -> Sequence[Check]:
    """Run every check, whatever the others found; the order never changes."""
    return [_run(name, check, question) for name, check in _CHECKS]


def issuer_of(credential: Mapping[str, Any]) -> str:
    """Return the issuer's DID; raises Malformed (`issuer-form`)."""
    issuer = credential.get("issuer")
    found = issuer.get("id") if isinstance(issuer, dict) else issuer
    if not isinstance(found, str) or not found.startswith("did:web:"):
        raise Malformed("issuer-form", "The credential does not name its issuer by a did:web.")
    return found


def _run(name: str, check: Callable[[Question], str], question: Question) -> Check:
    try:
        return Check(name, State.HOLDS, "ok", check(question))
    except Unasked as error:
        return Check(name, State.UNKNOWN, error.code, error.message)
    except TlogError as error:
        return Check(name, State.FAILS, error.code, error.message)


class Unasked(TlogError):
    """A check that needs a file which is not there."""


def _form(question: Question) -> str:
    credential = question.credential
    types = credential.get("type")
    if not isinstance(types, list) or not {"VerifiableCredential", "DigitalProductPassport"} <= set(map(str, types)):
        raise Malformed("credential-type", "The document is not a Digital Product Passport.")
    if canonical_bytes(credential, what="passport") != question.files[files.PASSPORT]:
        raise Malformed("credential-canonical", "The passport is not written in canonical JSON (RFC 8785).")
    return "The passport can be read by every program alike."


def _contexts(question: Question) -> str:
    credential = question.credential
    found = credential.get("@context")
    is_known = isinstance(found, list) and tuple(found[: len(CONTEXTS)]) == CONTEXTS
    if not is_known or not all(isinstance(each, str) for each in found or ()):
        raise DoesNotHold("contexts-known", "The passport's words are not defined where a passport's must be.")
    check_contexts(credential)
    return "Nothing was added to the meaning of the words after signing."


def _signature(question: Question) -> str:
    credential = question.credential
    issuer = issuer_of(credential)
    public = key_for(method_of(credential), document=question.did_document, issuer=issuer)
    check_signature(credential, public=public)
    return f"{issuer} signed the passport."


def _token(question: Question) -> str:
    token = parse_token(question.files[files.ENVELOPED])
    issuer = issuer_of(token.payload)
    if token.header.get("iss", issuer) != issuer:
        raise DoesNotHold("jwt-issuer", "The token names another issuer than its credential.")
    check_token(token, public=key_for(token.method, document=question.did_document, issuer=issuer))
    if without_proof(question.credential) != dict(token.payload):
        raise DoesNotHold("jwt-differs", "The token says something else than the passport.")
    return "The token carries the same passport, and it is signed."


def _dates(question: Question) -> str:
    credential = question.credential
    if read_time(credential.get("validFrom"), what="from which it is valid") > question.at:
        raise DoesNotHold("not-yet-valid", "The passport is not valid yet.")
    until = credential.get("validUntil")
    if until is not None and read_time(until, what="until which it is valid") < question.at:
        raise DoesNotHold("expired", "The passport has expired.")
    return "The passport is valid on this day."


def _status(question: Question) -> str:
    raw = question.status or question.files.get(files.STATUS)
    if raw is None:
        raise Unasked("no-status", "There is no list of revoked passports. Fetch it, and name it with --status.")
    credential, listed = question.credential, read_document(raw, what="list of revoked passports")
    issuer = issuer_of(credential)
    if issuer_of(listed) != issuer:
        raise DoesNotHold("issuer", "Somebody else made the list of revoked passports.")
    check_signature(listed, public=key_for(method_of(listed), document=question.did_document, issuer=issuer))
    since = check_not_revoked(credential.get("credentialStatus"), listed=listed, at=question.at)
    return f"The passport was not revoked when the list was made: {since.isoformat()}."


def _digests(question: Question) -> str:
    leaf = parse_leaf(question.files[files.LEAF])
    if leaf.get("act") != ISSUE or leaf.get("out") != "ok" or not isinstance(leaf.get("obj"), dict):
        raise DoesNotHold("leaf-action", "The entry of the log does not tell that a passport was issued.")
    named = (("credential", files.PASSPORT), ("jwt", files.ENVELOPED), ("events", files.EVENTS))
    for name, file in named:
        if leaf["obj"].get(name) != hashlib.sha256(question.files[file]).hexdigest():
            raise DoesNotHold("digest", f"The entry of the log is about another file than this {file}.")
    credential = question.credential
    public = key_for(method_of(credential), document=question.did_document, issuer=issuer_of(credential))
    if leaf["obj"].get("key") != multikey(public):
        raise DoesNotHold("leaf-key", "The entry of the log names another key than the one that signed.")
    return "The entry of the log names exactly these files and this key."


def _log(question: Question) -> str:
    found = parse_proof(question.files[files.PROOF])
    opened = verify_proof(
        found,
        leaf=leaf_hash(question.files[files.LEAF]),
        logs=question.policy.logs,
        witnesses=question.policy.witnesses.values(),
        origin=question.origin,
    )
    question.policy.check_quorum(opened)
    checkpoint = opened.checkpoint
    return f"The entry is in the log {checkpoint.origin}: number {found.index + 1} of {checkpoint.size}."


_CHECKS: Final[Sequence[tuple[str, Callable[[Question], str]]]] = (
    ("form", _form),
    ("contexts", _contexts),
    ("signature", _signature),
    ("token", _token),
    ("dates", _dates),
    ("status", _status),
    ("digests", _digests),
    ("log", _log),
)
