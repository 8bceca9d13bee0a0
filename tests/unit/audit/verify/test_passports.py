"""What a stranger is told of a bundle, line by line: everything holds, or exactly what does not."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import rfc8785

from marketplace.audit.tlog.policy import Policy
from marketplace.audit.verify.command_line import main
from marketplace.audit.verify.data_integrity import sign_document
from marketplace.audit.verify.passports import Check, Question, State, check_passport
from tests.unit.audit.tlog.small_log import LOG, OTHER_LOG, WITNESSES
from tests.unit.audit.verify.small_bundle import (
    DID,
    METHOD,
    MOMENT,
    POLICY,
    SEED,
    asked,
    credential,
    small_bundle,
    small_files,
)

NAMES = ("form", "contexts", "signature", "token", "dates", "status", "digests", "log")


def failing(files: Mapping[str, bytes], *, at: datetime = MOMENT) -> dict[str, str]:
    return {each.name: each.code for each in check_passport(asked(files, at=at)) if each.state is State.FAILS}


def changed(files: Mapping[str, bytes], name: str, change: Any) -> dict[str, bytes]:
    document = json.loads(files[name])
    change(document)
    return {**files, name: rfc8785.dumps(document)}


def test_everything_holds() -> None:
    checks = check_passport(asked(small_files()))

    assert [(each.name, each.state, each.code) for each in checks] == [(name, State.HOLDS, "ok") for name in NAMES]
    assert checks[-1].message == "The entry is in the log log.example/gems: number 2 of 3."
    assert checks[2].message == f"{DID} signed the passport."


def test_an_altered_passport_fails_by_signature_token_and_digest() -> None:
    files = changed(small_files(), "passport.json", lambda it: it["credentialSubject"].update(name="Sapphire"))

    assert failing(files) == {"signature": "signature", "token": "jwt-differs", "digests": "digest"}


def test_a_context_added_after_signing_is_told() -> None:
    files = changed(small_files(), "passport.json", lambda it: it["@context"].append("https://evil.example"))

    assert failing(files)["contexts"] == "contexts"
    assert failing(files)["signature"] == "contexts"


@pytest.mark.parametrize("contexts", ["https://www.w3.org/ns/credentials/v2", [], [{"name": "x"}], None])
def test_words_defined_elsewhere_are_not_known(contexts: Any) -> None:
    assert failing(small_files({**credential(), "@context": contexts}))["contexts"] == "contexts-known"


def test_an_inline_context_is_refused() -> None:
    whole = {**credential(), "@context": [*credential()["@context"], {"name": "https://evil.example/name"}]}

    assert failing(small_files(whole)) == {"contexts": "contexts-known"}


def test_dates_are_looked_at_to_the_second() -> None:
    files = small_files()
    begin, end = datetime(2026, 11, 28, 11, tzinfo=UTC), datetime(2036, 11, 28, 11, tzinfo=UTC)

    assert failing(files, at=begin) == {}
    assert failing(files, at=begin - timedelta(seconds=1)) == {"dates": "not-yet-valid"}
    assert "dates" not in failing(files, at=end)
    assert failing(files, at=end + timedelta(seconds=1))["dates"] == "expired"


def test_a_revoked_passport_is_told() -> None:
    assert failing(small_files(revoked=(3,))) == {"status": "revoked"}
    assert failing(small_files(revoked=(2, 4))) == {}


def test_without_a_status_list_the_status_is_not_known() -> None:
    files = small_files()
    del files["status-list.json"]

    (unknown,) = [each for each in check_passport(asked(files)) if each.state is not State.HOLDS]
    assert (unknown.name, unknown.state, unknown.code) == ("status", State.UNKNOWN, "no-status")


def test_a_status_list_of_somebody_else_does_not_count() -> None:
    files = small_files()
    listed = json.loads(files["status-list.json"])
    del listed["proof"]
    other = sign_document({**listed, "issuer": "did:web:other.example"}, seed=SEED, method=METHOD, created=MOMENT)

    assert failing({**files, "status-list.json": rfc8785.dumps(other)}) == {"status": "issuer"}


def test_the_issuer_must_own_the_key() -> None:
    other = {**credential(), "issuer": {"id": "did:web:other.example"}}

    assert failing(small_files(other)) == {
        "signature": "issuer", "token": "jwt-issuer", "status": "issuer", "digests": "issuer",
    }  # fmt: skip
    assert failing(small_files({**credential(), "issuer": "https://market.example"}))["signature"] == "issuer-form"


def test_a_key_that_is_not_for_assertions_does_not_count() -> None:
    files = changed(small_files(), "did.json", lambda it: it.update(assertionMethod=[]))

    assert set(failing(files).values()) == {"not-for-assertion"}


def test_the_readers_own_did_document_counts_more_than_the_bundles() -> None:
    question = Question(small_files(), POLICY, at=MOMENT, did=b'{"id":"did:web:market.example"}')

    assert [each.code for each in check_passport(question) if each.name == "signature"] == ["did"]


def test_another_entry_of_the_log_proves_nothing() -> None:
    assert failing(small_files(action="lot.publish")) == {"digests": "leaf-action"}
    assert failing(small_files(outcome="refused")) == {"digests": "leaf-action"}
    files = changed(small_files(), "leaf.json", lambda it: it["obj"].update(key="z6Mk"))
    assert failing(files) == {"digests": "leaf-key", "log": "inclusion"}


def test_a_log_with_another_key_of_the_same_name_proves_nothing() -> None:
    foreign = small_files(log_signer=OTHER_LOG)

    assert OTHER_LOG.verifier.name == LOG.verifier.name
    assert failing(foreign) == {"log": "wrong-key"}


def test_a_passport_that_another_key_of_the_same_issuer_signed_is_not_ours() -> None:
    forged = small_files(seed=b"F" * 32)
    own = small_files()["did.json"]
    asked_with_own = Question(forged, POLICY, at=MOMENT, did=own)

    assert failing(forged) == {}, "a bundle that brings its own keys is in order by itself"
    found = {each.name: each.code for each in check_passport(asked_with_own) if each.state is State.FAILS}
    assert {name: found[name] for name in ("signature", "token", "status", "digests")} == dict.fromkeys(
        ("signature", "token", "status", "digests"), "unknown-method"
    )


def test_other_events_than_those_issued_are_told() -> None:
    assert failing({**small_files(), "events.epcis.json": b"{}"}) == {"digests": "digest"}


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"[]", "json"),
        (b'{"a":9007199254740993}', "json-number"),
        (b'{"a":"\\udc00"}', "json-surrogate"),
        (b'{"type":["VerifiableCredential"]}', "credential-type"),
        (b'{"type":"DigitalProductPassport"}', "credential-type"),
        (b'{ "type":["VerifiableCredential","DigitalProductPassport"]}', "credential-canonical"),
    ],
)
def test_what_is_no_passport_is_told(raw: bytes, code: str) -> None:
    assert failing({**small_files(), "passport.json": raw})["form"] == code


def test_a_log_that_too_few_witnesses_signed_proves_nothing() -> None:
    policy = Policy(logs=POLICY.logs, witnesses={"w1": WITNESSES[0].verifier}, groups={}, quorum="w1", urls={})
    checks = check_passport(Question(small_files(), policy, at=MOMENT))

    assert {each.name: each.code for each in checks if each.state is State.FAILS} == {"log": "quorum"}


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, Any]]:
    at = () if "--at" in arguments else ("--at", "2026-11-28T12:00:00Z")
    code = main(["bundle", *arguments, *at, "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_the_command_says_what_holds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "bundle.zip"
    path.write_bytes(small_bundle())

    code, said = run(capsys, str(path), "--key", LOG.verifier.text)

    assert (code, said["holds"], said["code"]) == (0, True, "ok")
    assert [each["name"] for each in said["checks"]] == list(NAMES)


def test_the_command_says_what_does_not_hold(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, revoked = tmp_path / "bundle.zip", tmp_path / "list.json"
    path.write_bytes(small_bundle())
    revoked.write_bytes(small_files(revoked=(3,))["status-list.json"])

    code, said = run(capsys, str(path), "--key", LOG.verifier.text, "--status", str(revoked))
    assert (code, said["holds"], said["code"]) == (1, False, "revoked")
    assert said["message"].startswith("This does NOT hold. ")
    assert {each["name"]: each["state"] for each in said["checks"]} == dict.fromkeys(NAMES, "holds") | {
        "status": "fails"
    }
    code, said = run(capsys, str(path), "--key", OTHER_LOG.verifier.text)
    assert (code, said["code"]) == (1, "wrong-key")
    assert [each["name"] for each in said["checks"] if each["state"] == "fails"] == ["log"]


def test_the_command_does_not_pass_a_bundle_whose_status_list_was_taken_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, fetched = tmp_path / "bundle.zip", tmp_path / "list.json"
    files = small_files(revoked=(3,))
    fetched.write_bytes(files.pop("status-list.json"))
    path.write_bytes(small_bundle(files))

    code, said = run(capsys, str(path), "--key", LOG.verifier.text)
    assert (code, said["holds"], said["code"]) == (2, None, "no-status")
    assert said["message"] == (
        "Not everything could be checked. There is no list of revoked passports. Fetch it, and name it with --status. "
        "Everything else holds."
    )
    assert {each["name"]: each["state"] for each in said["checks"]} == dict.fromkeys(NAMES, "holds") | {
        "status": "unknown"
    }

    code, said = run(capsys, str(path), "--key", LOG.verifier.text, "--status", str(fetched))
    assert (code, said["holds"], said["code"]) == (1, False, "revoked")


@pytest.mark.parametrize(
    ("at", "code"), [("2036-11-28T11:00:01Z", "expired"), ("2026-11-28T10:59:59Z", "not-yet-valid")]
)
def test_the_command_looks_at_the_day_that_is_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], at: str, code: str
) -> None:
    path = tmp_path / "bundle.zip"
    path.write_bytes(small_bundle())

    found, said = run(capsys, str(path), "--key", LOG.verifier.text, "--at", at)

    assert (found, said["code"]) == (1, code)


def test_the_command_believes_the_did_document_that_was_fetched(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, did = tmp_path / "bundle.zip", tmp_path / "did.json"
    path.write_bytes(small_bundle(small_files(seed=b"F" * 32)))
    did.write_bytes(small_files()["did.json"])

    assert run(capsys, str(path), "--key", LOG.verifier.text)[0] == 0
    code, said = run(capsys, str(path), "--key", LOG.verifier.text, "--did", str(did))

    assert (code, said["code"]) == (1, "unknown-method")


def test_the_command_cannot_check_what_is_no_bundle(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "bundle.zip"
    path.write_bytes(b"no zip")

    code, said = run(capsys, str(path), "--key", LOG.verifier.text)

    assert (code, said["holds"], said["code"]) == (2, None, "bundle-zip")
    assert Check("log", State.HOLDS, "ok", "").state == "holds"
