"""Signatures of credentials against the published vectors, and every way to break them."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from marketplace.audit.tlog.errors import TlogError
from marketplace.audit.tlog.keys import SignerKey
from marketplace.audit.verify.data_integrity import check_signature, hash_data, sign_document, without_proof
from marketplace.audit.verify.did_web import did_document, did_of, key_for, method_id
from marketplace.audit.verify.documents import canonical_bytes, read_document, read_time, readable, time_text
from marketplace.audit.verify.jose import check_token, parse_token, sign_token
from marketplace.audit.verify.multibase import (
    base58_bytes,
    base58_text,
    base64url_bytes,
    base64url_text,
    multikey,
    multikey_bytes,
)
from tests.unit.audit.verify import published

PUBLIC = multikey_bytes(published.KEY)
SEED = base58_bytes(published.SECRET, what="secret")[2:]
DAY = datetime(2026, 11, 28, 12, 0, 5, tzinfo=UTC)
DID = "did:web:market.example"


def code_of(call: Any, *arguments: Any, **named: Any) -> str:
    with pytest.raises(TlogError) as refused:
        call(*arguments, **named)
    return refused.value.code


def test_the_published_credential_verifies() -> None:
    check_signature(published.signed_alumni(), public=PUBLIC)


def test_signing_anew_gives_the_published_signature() -> None:
    created = datetime(2023, 2, 24, 23, 36, 38, tzinfo=UTC)

    assert sign_document(published.alumni(), seed=SEED, method=published.METHOD, created=created) == (
        published.signed_alumni()
    )


def test_the_hash_of_the_proof_comes_first() -> None:
    options = {**published.signed_alumni()["proof"], "verificationMethod": f"did:key:{published.KEY}#{published.KEY}"}
    del options["proofValue"]

    assert hash_data(published.alumni(), options=options).hex() == published.COMBINED_HASH


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda it: it.update(name="Alumni"), "signature"),
        (lambda it: it["@context"].append("https://evil.example/v1"), "contexts"),
        (lambda it: it.pop("@context"), "contexts"),
        (lambda it: it["proof"].pop("@context"), "contexts"),
        (lambda it: it["proof"].update(created="2023-02-24T23:36:39Z"), "signature"),
        (lambda it: it["proof"].update(created="yesterday"), "time"),
        (lambda it: it["proof"].update(proofPurpose="authentication"), "proof"),
        (lambda it: it["proof"].update(cryptosuite="eddsa-rdfc-2022"), "proof"),
        (lambda it: it["proof"].update(type="Ed25519Signature2020"), "proof"),
        (lambda it: it["proof"].pop("proofValue"), "proof"),
        (lambda it: it["proof"].update(verificationMethod=7), "proof"),
        (lambda it: it["proof"].update(proofValue="z0OIl"), "multibase"),
        (lambda it: it["proof"].update(proofValue="u" + "A" * 86), "multibase"),
        (lambda it: it["proof"].update(proofValue=published.SIGNATURE[:-1]), "signature"),
        (lambda it: it.update(proof=[it["proof"]]), "proof"),
        (lambda it: it.pop("proof"), "proof"),
    ],
)
def test_every_change_is_refused_with_its_reason(change: Any, code: str) -> None:
    document = published.signed_alumni()
    change(document)

    assert code_of(check_signature, document, public=PUBLIC) == code


def test_another_key_does_not_verify() -> None:
    assert code_of(check_signature, published.signed_alumni(), public=bytes(32)) == "signature"


@pytest.mark.parametrize("raw", [b"", b"\0", b"\0\0a", b"\xff" * 32, bytes(32)])
def test_base58_reads_what_it_writes(raw: bytes) -> None:
    assert base58_bytes(base58_text(raw), what="it") == raw


def test_a_multikey_is_of_one_kind_and_length() -> None:
    assert multikey(PUBLIC) == published.KEY
    assert code_of(multikey_bytes, base58_text(b"\xed\x01" + bytes(31))) == "multikey"
    assert code_of(multikey_bytes, base58_text(b"\xec\x01" + bytes(32))) == "multikey"
    assert code_of(base58_bytes, "z" + "1" * 200, what="it") == "multibase"
    assert base58_bytes("z" + "1" * 199, what="it") == bytes(199)


def test_base64url_has_one_form() -> None:
    assert base64url_bytes("-_8", what="it") == b"\xfb\xff"
    assert base64url_text(b"\xfb\xff") == "-_8"
    for text in ("-_9", "-_8=", "+/8", "a", "ä"):
        assert code_of(base64url_bytes, text, what="it") == "base64url"


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"[]", "json"),
        (b"{", "json"),
        (b'{"a":1,"a":1}', "json"),
        (b'{"a":NaN}', "json"),
        (b'{"a":9007199254740992}', "json-number"),
        (b'{"a":1e400}', "json-number"),
        (b'{"a":"\\ud800"}', "json-surrogate"),
        (b'{"a":' * 70 + b"1" + b"}" * 70, "json-depth"),
        (b'{"a":"' + b"x" * 2_000_000 + b'"}', "json-size"),
        (b'{"a":"\xff"}', "json"),
    ],
)
def test_json_that_programs_read_differently_is_refused(raw: bytes, code: str) -> None:
    assert code_of(read_document, raw, what="passport") == code


def test_people_read_a_document_on_many_lines() -> None:
    assert readable({"b": 1, "a": "é"}) == '{\n  "b": 1,\n  "a": "é"\n}\n'


def test_a_document_without_contexts_is_signed_without_them() -> None:
    plain = sign_document({"id": "x"}, seed=b"P" * 32, method="did:web:x#k", created=datetime(2026, 11, 28, tzinfo=UTC))

    assert "@context" not in plain["proof"]
    check_signature(plain, public=SignerKey("did:web:x", b"P" * 32).verifier.public)


def test_the_largest_number_is_read() -> None:
    assert read_document(b'{"a":9007199254740991}', what="it") == {"a": 2**53 - 1}
    assert canonical_bytes({"b": 1, "a": "é"}, what="it") == '{"a":"é","b":1}'.encode()


def test_times_have_a_zone() -> None:
    assert read_time("2026-11-28T12:00:05Z", what="it") == DAY
    assert time_text(DAY) == "2026-11-28T12:00:05Z"
    for text in ("2026-11-28", "2026-11-28T12:00:05", "2026-13-28T12:00:05Z", 5, None):
        assert code_of(read_time, text, what="it") == "time"


def test_a_token_carries_the_credential_and_who_signed() -> None:
    token = parse_token(sign_token(published.alumni(), seed=SEED, method=f"{DID}#key", issuer=DID).encode("ascii"))

    check_token(token, public=PUBLIC)
    assert token.payload == published.alumni()
    assert token.method == f"{DID}#key"
    assert dict(token.header) == {"alg": "EdDSA", "typ": "vc+jwt", "cty": "vc", "kid": f"{DID}#key", "iss": DID}
    assert code_of(check_token, token, public=bytes(32)) == "jwt-signature"


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ({"alg": "none"}, "jwt-header"),
        ({"typ": "JWT"}, "jwt-header"),
        ({"cty": "vp"}, "jwt-header"),
        ({"kid": None}, "jwt-header"),
        ({"crit": ["b64"]}, "jwt-header"),
    ],
)
def test_a_token_of_another_kind_is_refused(header: dict[str, Any], code: str) -> None:
    usual = {"alg": "EdDSA", "typ": "vc+jwt", "cty": "vc", "kid": "k"}
    parts = [base64url_text(json.dumps(each).encode()) for each in ({**usual, **header}, published.alumni())]

    assert code_of(parse_token, ".".join([*parts, "AAAA"]).encode()) == code


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"a.b", "jwt"),
        (b"\xff.a.b", "jwt"),
        (b"a.b.c.d", "jwt"),
        (b"e.e.e", "base64url"),
        (b"x" * 4_000_001, "jwt-size"),
    ],
)
def test_what_is_no_token_is_refused(raw: bytes, code: str) -> None:
    assert code_of(parse_token, raw) == code


def test_a_did_names_the_host_and_its_port() -> None:
    assert did_of("https://Market.Example") == DID
    assert did_of("http://localhost:8000") == "did:web:localhost%3A8000"


def test_only_a_key_of_the_issuer_for_assertions_counts() -> None:
    document = did_document(DID, publics=[PUBLIC])
    method = method_id(DID, public=PUBLIC)

    assert key_for(method, document=document, issuer=DID) == PUBLIC
    assert code_of(key_for, method, document=document, issuer="did:web:other.example") == "issuer"
    assert code_of(key_for, f"did:web:other.example#{published.KEY}", document=document, issuer=DID) == "issuer"
    assert code_of(key_for, f"{DID}#other", document=document, issuer=DID) == "unknown-method"
    assert code_of(key_for, method, document={**document, "assertionMethod": []}, issuer=DID) == "not-for-assertion"
    assert code_of(key_for, method, document={"id": DID}, issuer=DID) == "did"
    foreign = {**document["verificationMethod"][0], "controller": "did:web:other.example"}
    assert code_of(key_for, method, document={**document, "verificationMethod": [foreign]}, issuer=DID) == "issuer"
    assert without_proof({"a": 1, "proof": {}}) == {"a": 1}
