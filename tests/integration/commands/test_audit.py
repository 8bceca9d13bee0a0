"""`flask audit …`: sentences or JSON, exit codes 0, 1 and 2; strangers check the files without us."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from config.settings import Environment, Settings
from marketplace.audit.models import AuditCheckpoint, AuditEvent, AuditVerification
from marketplace.core.actor import StaffRole
from marketplace.http.context import make_uow
from marketplace.jobs.tasks import audit as tasks
from marketplace.notifications.models import Message
from marketplace.unit_of_work import running
from tests.builders.log import as_owner, write_entries
from tests.people import person

ROOT = Path(__file__).parents[3]


@pytest.fixture
def shop(app: Flask, tmp_path: Path) -> Iterator[Flask]:
    """The application with a signer's folder of its own, and seven entries in its log."""
    before: Settings = app.extensions["settings"]
    app.extensions["settings"] = _with_folder(before, tmp_path / "signer")
    with app.app_context(), running(make_uow) as uow:
        write_entries(uow, 7)
    yield app
    app.extensions["settings"] = before


def _with_folder(settings: Settings, folder: Path) -> Settings:
    return replace(settings, audit_key_file=folder / "log.key", audit_state_file=folder / "signed.json")


def run(app: Flask, *arguments: object) -> Result:
    return app.test_cli_runner().invoke(args=["audit", *map(str, arguments)])


def told(app: Flask, *arguments: object, code: int = 0) -> dict[str, object]:
    """Run with --json, want the exit code, return the answer."""
    result = run(app, *arguments, "--json")
    assert result.exit_code == code, result.output
    answer: dict[str, object] = json.loads(result.output)
    return answer


def verify(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run the stranger's verifier as a program of its own."""
    command = [sys.executable, "-m", "marketplace.audit.verify", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def first_event(app: Flask) -> str:
    with app.app_context(), running(make_uow, read_only=True) as uow:
        return str(uow.session.scalar(select(AuditEvent.event_id).order_by(AuditEvent.seq).limit(1)))


def owner(app: Flask, *statements: str) -> None:
    with app.app_context(), running(make_uow) as uow:
        as_owner(uow.session, *statements)


def test_it_sequences_signs_and_finds_nothing_new_afterwards(shop: Flask) -> None:
    assert told(shop, "sequence")["placed"] == 7
    assert told(shop, "checkpoint")["size"] == 8  # the key's own entry
    assert told(shop, "checkpoint")["size"] is None
    assert "localhost/log" in run(shop, "keys", "list").output


def test_a_stranger_verifies_an_event_with_the_two_files_and_the_key(shop: Flask, tmp_path: Path) -> None:
    event = first_event(shop)
    made = told(shop, "prove", event, "--dir", tmp_path)
    keys = told(shop, "keys", "list")["keys"]
    assert isinstance(keys, list)

    checked = verify("proof", made["proof"], "--entry", made["entry"], "--key", keys[0])

    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "number 1 of 8" in checked.stdout
    assert run(shop, "verify-proof", made["proof"], "--entry", made["entry"]).exit_code == 0
    Path(str(made["entry"])).write_bytes(b"{}")
    assert run(shop, "verify-proof", made["proof"], "--entry", made["entry"]).exit_code == 1


def test_an_unknown_event_cannot_be_proved(shop: Flask) -> None:
    assert told(shop, "prove", "01999999-0000-7000-8000-000000000000", code=2)["code"] == "no-event"


def test_a_stranger_verifies_that_the_log_only_grew(shop: Flask, tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.write_text(str(told(shop, "checkpoint")["note"]), encoding="utf-8")
    with shop.app_context(), running(make_uow) as uow:
        write_entries(uow, 5)
    told(shop, "checkpoint")
    told(shop, "consistency", 8, tmp_path / "new")

    assert run(shop, "verify-consistency", old, tmp_path / "new").exit_code == 0
    assert told(shop, "consistency", 99, tmp_path / "new", code=1)["code"] == "shrunk"


def test_a_stranger_verifies_the_whole_export(shop: Flask, tmp_path: Path) -> None:
    first = told(shop, "export", "--dir", tmp_path / "log", "--disclosures")
    again = told(shop, "export", "--dir", tmp_path / "log")

    assert (first["size"], first["kept"], again["written"]) == (8, 0, 0)
    for command in ("tiles", "export"):
        checked = verify(command, tmp_path / "log", "--key", tmp_path / "log" / "log.vkey")
        assert checked.returncode == 0, checked.stdout + checked.stderr


def test_a_sound_log_is_told_and_kept(shop: Flask, tmp_path: Path) -> None:
    note = tmp_path / "saved"
    note.write_text(str(told(shop, "checkpoint")["note"]), encoding="utf-8")

    answer = told(shop, "verify", "--full", "--checkpoint", note)

    assert (answer["size"], answer["checkpoint_size"]) == (8, 8)
    with shop.app_context(), running(make_uow, read_only=True) as uow:
        kept = uow.session.scalars(select(AuditVerification)).one()
        assert (kept.is_sound, kept.size, kept.findings) == (True, 8, [])


def test_a_changed_entry_exits_with_1_and_writes_to_administrators(shop: Flask) -> None:
    with shop.app_context(), running(make_uow) as uow:
        person(uow, "root", StaffRole.ADMINISTRATOR)
        person(uow, "bob")
    told(shop, "checkpoint")
    owner(shop, "UPDATE audit_event SET leaf = leaf || ' ' WHERE idx = 2")

    result = run(shop, "verify", "--full")

    assert result.exit_code == 1
    assert "Entry 2 was changed: it does not match its stored hash." in result.output
    with shop.app_context(), running(make_uow, read_only=True) as uow:
        letters = uow.session.scalars(select(Message).where(Message.template == "audit_alarm")).all()
        assert [letter.address for letter in letters] == ["root@example.org"]


def test_keys_rotate_with_an_overlap(shop: Flask) -> None:
    told(shop, "checkpoint")
    old = str(told(shop, "keys", "list")["keys"][0])  # type: ignore[index]
    told(shop, "keys", "rotate")
    note = str(told(shop, "checkpoint")["note"])
    assert note.count("— ") == 2

    told(shop, "keys", "retire", old.split("+")[1])
    assert str(told(shop, "checkpoint")["note"]).count("— ") == 1
    assert told(shop, "keys", "retire", old.split("+")[1], code=2)["code"] == "unknown-key"
    assert told(shop, "verify", "--full")["checkpoints"] == 3


def test_the_last_key_cannot_be_retired(shop: Flask) -> None:
    told(shop, "checkpoint")
    key = str(told(shop, "keys", "list")["keys"][0])  # type: ignore[index]

    assert told(shop, "keys", "retire", key.split("+")[1], code=2)["code"] == "last-key"
    assert told(shop, "keys", "create", code=2)["code"] == "key-there"


def test_a_restored_backup_is_refused_until_a_new_origin_begins(shop: Flask) -> None:
    told(shop, "checkpoint")
    gone = "(SELECT seq FROM audit_event WHERE idx >= 4)"
    owner(
        shop,
        *(
            f"DELETE FROM {table} WHERE seq IN {gone}"
            for table in ("audit_target", "audit_disclosure", "audit_search", "audit_event")
        ),
        "DELETE FROM audit_node WHERE ((idx + 1) << level) > 4",
        "DELETE FROM audit_checkpoint",
    )
    assert told(shop, "checkpoint", code=1)["code"] == "shrunk"
    assert told(shop, "verify", "--full", code=1)["size"] == 4

    told(shop, "keys", "new-origin", "market.example/log/2")
    note = str(told(shop, "checkpoint")["note"])
    assert note.startswith("market.example/log/2\n")
    assert told(shop, "verify", "--full")["checkpoints"] == 1
    assert told(shop, "keys", "new-origin", "market.example/log/2", code=2)["code"] == "origin-used"


def test_a_lost_memory_comes_back_from_a_saved_checkpoint(shop: Flask, tmp_path: Path) -> None:
    note = tmp_path / "saved"
    note.write_text(str(told(shop, "checkpoint")["note"]), encoding="utf-8")
    (tmp_path / "signer" / "signed.json").unlink()
    with shop.app_context(), running(make_uow) as uow:
        write_entries(uow, 1)
    assert told(shop, "checkpoint", code=1)["code"] == "state-lost"

    told(shop, "remember", note)

    assert told(shop, "checkpoint")["size"] == 9


def test_in_production_no_key_makes_itself(shop: Flask) -> None:
    before: Settings = shop.extensions["settings"]
    shop.extensions["settings"] = replace(before, environment=Environment.PRODUCTION)
    assert told(shop, "checkpoint", code=2)["code"] == "no-key"

    key = str(told(shop, "keys", "create", "--origin", "market.example/log")["vkey"])
    assert key.startswith("market.example/log+")
    assert str(told(shop, "checkpoint")["note"]).startswith("market.example/log\n")


def test_the_worker_signs_each_minute_and_verifies_each_night(shop: Flask) -> None:
    tasks.sign(timestamp=0)
    tasks.ask_witnesses(timestamp=0)
    tasks.verify(timestamp=0)

    with shop.app_context(), running(make_uow, read_only=True) as uow:
        assert uow.session.scalars(select(AuditCheckpoint.size)).one() == 8
        assert uow.session.scalars(select(AuditVerification)).one().is_sound


def test_a_refusal_to_sign_does_not_stop_the_worker(shop: Flask, tmp_path: Path) -> None:
    tasks.sign(timestamp=0)
    (tmp_path / "signer" / "signed.json").unlink()
    with shop.app_context(), running(make_uow) as uow:
        write_entries(uow, 1)

    tasks.sign(timestamp=0)

    with shop.app_context(), running(make_uow, read_only=True) as uow:
        assert uow.session.scalars(select(AuditCheckpoint.size)).one() == 8
