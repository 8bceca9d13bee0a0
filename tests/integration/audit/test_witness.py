"""A witness signs only what grew from what it saw; the worker asks it and keeps its signature beside ours."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from config.settings import Settings
from marketplace.audit.models import AuditCosignature
from marketplace.audit.proving import note_of, prove_consistency
from marketplace.audit.signer_keys import new_key
from marketplace.audit.signer_state import StateFile
from marketplace.audit.signing import Signer, latest_checkpoint
from marketplace.audit.tlog.checkpoints import Checkpoint, open_checkpoint
from marketplace.audit.tlog.keys import KeyKind
from marketplace.audit.tlog.notes import sign_note
from marketplace.audit.tlog.policy import Policy
from marketplace.audit.tlog.witness import AddCheckpoint
from marketplace.audit.witnessing import Answer, Witness
from marketplace.cli.audit.witness import load_witness, make_server
from marketplace.http.context import make_uow
from marketplace.transparency.witnesses import Reply, ask_all, post
from marketplace.unit_of_work import UnitOfWork, running
from tests.builders.log import ORIGIN, sign, signer_in, write_entries

NOW = 1_790_000_000


@pytest.fixture
def signer(uow: UnitOfWork, tmp_path: Path) -> Signer:
    """A log of six entries in one checkpoint."""
    found = signer_in(tmp_path)
    write_entries(uow, 5)
    sign(uow, found)
    return found


@pytest.fixture
def witness(signer: Signer, tmp_path: Path) -> Witness:
    """A witness that watches the log."""
    logs = tmp_path / "logs"
    logs.write_bytes(Policy((signer.keys[0].verifier,), {}, {}, "none", {}).to_bytes())
    return load_witness(name="witness.example/w1", logs=logs, folder=tmp_path / "witness")


def ask(uow: UnitOfWork, witness: Witness, *, old_size: int) -> Answer:
    return witness.add_checkpoint(prove_consistency(uow.session, old_size=old_size).to_bytes(), timestamp=NOW)


def grow(uow: UnitOfWork, signer: Signer) -> None:
    write_entries(uow, 4)
    sign(uow, signer)


def test_it_signs_what_grew_from_what_it_saw(uow: UnitOfWork, signer: Signer, witness: Witness) -> None:
    assert ask(uow, witness, old_size=0).status == 200
    grow(uow, signer)
    assert ask(uow, witness, old_size=6).status == 200


def test_it_tells_the_size_it_saw_to_who_begins_elsewhere(uow: UnitOfWork, signer: Signer, witness: Witness) -> None:
    ask(uow, witness, old_size=0)
    grow(uow, signer)

    assert ask(uow, witness, old_size=3) == Answer(409, b"6\n", "text/x.tlog.size")


def test_it_signs_one_of_two_histories_only(uow: UnitOfWork, signer: Signer, witness: Witness) -> None:
    ask(uow, witness, old_size=0)
    saved = signer.state.read(signer.origin)
    assert saved is not None
    fork = replace(saved, root=bytes(32))
    body = AddCheckpoint(6, (), sign_note(fork.text, signers=signer.keys)).to_bytes()
    assert witness.add_checkpoint(body, timestamp=NOW).status == 409
    longer = AddCheckpoint(6, (bytes(32),), sign_note(replace(fork, size=7).text, signers=signer.keys)).to_bytes()
    assert witness.add_checkpoint(longer, timestamp=NOW).status == 422
    assert witness.state.read(signer.origin) == saved


def test_it_refuses_other_logs_other_keys_and_no_request(uow: UnitOfWork, witness: Witness, tmp_path: Path) -> None:
    assert witness.add_checkpoint(b"hello", timestamp=NOW).status == 400
    stranger = signer_in(tmp_path / "stranger", origin="stranger.example/log")
    write_entries(uow, 1)
    sign(uow, stranger)
    assert ask(uow, witness, old_size=0).status == 404

    forged = Checkpoint(ORIGIN, 1, bytes(32))
    body = AddCheckpoint(0, (), sign_note(forged.text, signers=[new_key(ORIGIN)])).to_bytes()
    assert witness.add_checkpoint(body, timestamp=NOW).status == 403


def test_only_one_of_many_at_once_moves_the_size(uow: UnitOfWork, signer: Signer, witness: Witness) -> None:
    body = prove_consistency(uow.session, old_size=0).to_bytes()
    answers: list[int] = []
    threads = [
        threading.Thread(target=lambda: answers.append(witness.add_checkpoint(body, timestamp=NOW).status))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == [200, *[409] * 7]


@pytest.mark.parametrize("is_started_twice", [False, True], ids=["one-server", "two-servers"])
def test_two_requests_from_one_size_are_never_both_signed(
    uow: UnitOfWork, witness: Witness, is_started_twice: bool
) -> None:
    body = prove_consistency(uow.session, old_size=0).to_bytes()
    both = threading.Barrier(2)

    class Read(StateFile):
        """What was seen; whoever read it waits half a second for a second reader before he goes on."""

        def read(self, origin: str) -> Checkpoint | None:
            seen = super().read(origin)
            with suppress(threading.BrokenBarrierError):
                both.wait(timeout=0.5)
            return seen

    first = Witness(witness.key, witness.logs, Read(witness.state.path))
    second = Witness(witness.key, witness.logs, Read(witness.state.path)) if is_started_twice else first
    with ThreadPoolExecutor(2) as pool:
        asked = [pool.submit(each.add_checkpoint, body, timestamp=NOW) for each in (first, second)]

    assert sorted(each.result().status for each in asked) == [200, 409]


@pytest.fixture
def asking(app: Flask, witness: Witness, signer: Signer, tmp_path: Path) -> Iterator[Flask]:
    """The application with the witness in its policy, the witness's server running on this machine."""
    server = make_server(witness, host="127.0.0.1", port=0)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    key = witness.key.verifier
    policy = Policy((signer.keys[0].verifier,), {"w1": key}, {}, "w1", {key: f"http://127.0.0.1:{server.server_port}"})
    path = tmp_path / "policy"
    path.write_bytes(policy.to_bytes())
    before: Settings = app.extensions["settings"]
    app.extensions["settings"] = replace(before, audit_witnesses_file=path)
    yield app
    app.extensions["settings"] = before
    server.shutdown()
    server.server_close()
    thread.join()


def test_the_worker_asks_and_keeps_the_signature(
    asking: Flask, uow: UnitOfWork, witness: Witness, signer: Signer
) -> None:
    assert ask_all(make_uow) == 1
    assert ask_all(make_uow) == 0, "it is not asked twice for one checkpoint"

    latest = latest_checkpoint(uow.session)
    assert latest is not None
    opened = open_checkpoint(
        note_of(uow.session, latest), logs=[signer.keys[0].verifier], witnesses=[witness.key.verifier]
    )
    assert [each.key.name for each in opened.witnesses] == ["witness.example/w1"]
    assert witness.key.kind is KeyKind.COSIGNATURE


def test_a_witness_that_saw_more_than_we_know_of_is_asked_from_there(
    asking: Flask, uow: UnitOfWork, witness: Witness, signer: Signer
) -> None:
    ask(uow, witness, old_size=0)
    grow(uow, signer)

    assert ask_all(make_uow) == 1


@pytest.mark.parametrize("reply", [Reply(500, b""), Reply(200, b""), Reply(200, b"\xff"), Reply(409, b"x"), None])
def test_a_witness_that_answers_nonsense_stops_nothing(asking: Flask, reply: Reply | None) -> None:
    def answer(_url: str, _body: bytes) -> Reply:
        if reply is None:
            raise OSError("no route")
        return reply

    assert ask_all(make_uow, send=answer) == 0
    with running(make_uow, read_only=True) as found:
        assert found.session.query(AuditCosignature).count() == 0


def test_nobody_listens_and_the_worker_goes_on(asking: Flask) -> None:
    def elsewhere(_url: str, body: bytes) -> Reply:
        return post("http://127.0.0.1:9/add-checkpoint", body)

    assert ask_all(make_uow, send=elsewhere) == 0
