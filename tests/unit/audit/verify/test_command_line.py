"""The verifier as a stranger calls it: one sentence, one exit code."""

import json
from pathlib import Path
from typing import Any

import pytest

from marketplace.audit.tlog.merkle import consistency_proof, inclusion_proof
from marketplace.audit.tlog.proofs import Proof
from marketplace.audit.tlog.witness import AddCheckpoint
from marketplace.audit.verify.command_line import main
from tests.unit.audit.tlog.small_log import AT, LOG, ORIGIN, OTHER_LOG, WITNESSES, log_of

LOG_OF_9 = log_of(9)
KEY = ["--key", LOG.verifier.text]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, raw in LOG_OF_9.tiles().items():
        path = tmp_path / "tiles" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw)
    proof = Proof(3, tuple(inclusion_proof(3, 9, LOG_OF_9.nodes)), LOG_OF_9.signed(witnesses=2))
    request = AddCheckpoint(4, tuple(consistency_proof(4, 9, LOG_OF_9.nodes)), LOG_OF_9.signed(witnesses=1))
    witnesses = "".join(f"witness {name} {each.verifier.text}\n" for name, each in zip("abc", WITNESSES, strict=True))
    for name, raw in {
        "passport.tlog-proof": proof.to_bytes(),
        "leaf.json": LOG_OF_9.leaves[3],
        "log.vkey": f"{LOG.verifier.text}\n\n{OTHER_LOG.verifier.text}\n".encode(),
        "policy": f"log {LOG.verifier.text}\n{witnesses}group two 2 a b c\nquorum two\n".encode(),
        "audit-export.jsonl": b"".join(LOG_OF_9.export()),
        "saved": LOG_OF_9.signed(4),
        "newer": request.to_bytes(),
    }.items():
        (tmp_path / name).write_bytes(raw)
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str]:
    code = main([str(each) for each in arguments])
    said = capsys.readouterr()
    assert said.err == ""
    assert said.out.count("\n") == 1
    return code, said.out.removesuffix("\n")


def answer(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, dict[str, Any]]:
    code, text = run(capsys, *arguments, "--json")
    return code, json.loads(text)


def test_a_proof_holds(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = [folder / "passport.tlog-proof", "--entry", folder / "leaf.json"]
    assert run(capsys, "proof", *files, *KEY) == (
        0,
        "This holds. The entry is in the log log.example/gems: number 4 of 9. No witness was asked.",
    )
    assert run(capsys, "proof", *files, "--policy", folder / "policy") == (
        0,
        "This holds. The entry is in the log log.example/gems: number 4 of 9. 2 witnesses signed it too.",
    )


def test_a_proof_answers_programs(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = LOG_OF_9.disclosures[3][0]
    files = [folder / "passport.tlog-proof", "--entry", folder / "leaf.json", "--disclosure", told]
    code, found = answer(capsys, "proof", *files, "--policy", folder / "policy", "--origin", ORIGIN)
    assert code == 0
    assert (found["holds"], found["code"], found["index"], found["size"]) == (True, "ok", 3, 9)
    assert found["witnesses"] == [{"name": each.name, "timestamp": AT} for each in WITNESSES[:2]]
    assert found["log_keys"] == [LOG.verifier.text]
    assert found["ignored_signatures"] == 0
    assert found["disclosed"] == [{"name": "actor_name", "value": "Amina"}]


def test_a_proof_does_not_hold(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "leaf.json").write_bytes(LOG_OF_9.leaves[4])
    files = [folder / "passport.tlog-proof", "--entry", folder / "leaf.json"]
    sentence = "This does NOT hold. The entry is not at place 3 of the log that this root stands for."
    assert run(capsys, "proof", *files, *KEY) == (1, sentence)
    assert answer(capsys, "proof", *files, *KEY) == (1, {"holds": False, "code": "inclusion", "message": sentence})


def test_a_disclosure_of_another_entry_does_not_hold(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = [folder / "passport.tlog-proof", "--entry", folder / "leaf.json", "--disclosure", "WyJhIl0"]
    sentence = "This does NOT hold. A disclosure does not belong to its entry: it was altered or exchanged."
    assert run(capsys, "proof", *files, *KEY) == (1, sentence)


def test_too_few_witnesses_and_another_log(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = [folder / "passport.tlog-proof", "--entry", folder / "leaf.json"]
    policy = (folder / "policy").read_text().replace("two 2", "two 3")
    (folder / "policy").write_text(policy)
    assert answer(capsys, "proof", *files, "--policy", folder / "policy")[1]["code"] == "quorum"
    assert answer(capsys, "proof", *files, *KEY, "--origin", "other")[1]["code"] == "origin"
    assert answer(capsys, "proof", *files, "--key", OTHER_LOG.verifier.text)[1]["code"] == "wrong-key"


def test_what_cannot_be_read_is_neither_true_nor_false(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    proof, entry = folder / "passport.tlog-proof", folder / "leaf.json"
    code, found = answer(capsys, "proof", folder / "nothing", "--entry", entry, *KEY)
    assert (code, found["holds"], found["code"]) == (2, None, "file")
    assert found["message"].endswith("nothing cannot be read: No such file or directory.")
    assert found["message"].startswith("This could not be checked. The file ")
    proof.write_bytes(proof.read_bytes().replace(b"\n", b"\r\n"))
    assert answer(capsys, "proof", proof, "--entry", entry, *KEY)[0] == 2
    entry.write_bytes(b"x" * 65_536)
    code, found = answer(capsys, "proof", proof, "--entry", entry, *KEY)
    assert (code, found["code"]) == (2, "file-size")
    assert found["message"].endswith("leaf.json has more than 65535 bytes.")


def test_keys_come_as_text_or_in_files(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = ["proof", folder / "passport.tlog-proof", "--entry", folder / "leaf.json"]
    assert run(capsys, *files, "--key", folder / "log.vkey")[0] == 0
    assert run(capsys, *files, "--key", OTHER_LOG.verifier.text, *KEY)[0] == 0
    assert answer(capsys, *files, "--key", "what")[1]["code"] == "key"
    assert answer(capsys, *files, "--key", WITNESSES[0].verifier.text)[1]["code"] == "key-kind"
    (folder / "log.vkey").write_bytes(b"\n \n")
    assert answer(capsys, *files, "--key", folder / "log.vkey")[1]["code"] == "key"


def test_a_log_that_grew_holds(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["consistency", folder / "saved", folder / "newer"]
    sentence = "The log log.example/gems grew from 4 to 9 entries and changed none of the old ones."
    assert run(capsys, *arguments, *KEY) == (0, f"This holds. {sentence} No witness was asked.")
    one = (folder / "policy").read_text().replace("quorum two", "quorum a")
    (folder / "policy").write_text(one)
    assert run(capsys, *arguments, "--policy", folder / "policy") == (
        0,
        f"This holds. {sentence} 1 witness signed it too.",
    )
    assert answer(capsys, *arguments, *KEY)[1]["old_size"] == 4


def test_a_log_that_was_changed_does_not_hold(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "saved").write_bytes(LOG_OF_9.signed(5))
    assert run(capsys, "consistency", folder / "saved", folder / "newer", *KEY) == (
        1,
        "This does NOT hold. The proof begins at 4 entries, your checkpoint has 5.",
    )
    changed = log_of(4)
    changed.hashes[0] = changed.hashes[1]
    (folder / "saved").write_bytes(changed.signed())
    assert answer(capsys, "consistency", folder / "saved", folder / "newer", *KEY)[1]["code"] == "new-root"


@pytest.mark.parametrize("kind", ["tiles", "export"])
def test_a_whole_log_holds(kind: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    where = folder / "tiles" if kind == "tiles" else folder
    code, sentence = run(capsys, kind, where, *KEY, "--checkpoint", folder / "saved")
    assert code == 0
    assert sentence.startswith("This holds. All 9 entries are in the log log.example/gems as it was signed")
    assert answer(capsys, kind, where, "--policy", folder / "policy")[1]["code"] == "quorum"


def test_an_export_is_named_by_its_file_too(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, found = answer(capsys, "export", folder / "audit-export.jsonl", *KEY)
    assert (code, found["disclosures"], found["size"]) == (0, 2, 9)
    assert found["message"].endswith("and 2 disclosures belong to them. No witness was asked.")


def test_a_whole_log_does_not_hold(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "tiles/tile/entries/000.p/9").unlink()
    assert run(capsys, "tiles", folder / "tiles", *KEY) == (
        1,
        "This does NOT hold. The file tile/entries/000.p/9 is missing: entries were taken away.",
    )
    lines = (folder / "audit-export.jsonl").read_bytes().splitlines(keepends=True)
    (folder / "audit-export.jsonl").write_bytes(b"".join(lines[:-1]))
    assert run(capsys, "export", folder, *KEY) == (
        1,
        "This does NOT hold. The log signed 9 entries, but only 8 are here: the end is missing.",
    )


def test_a_missing_log_could_not_be_checked(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(capsys, "tiles", folder, *KEY)[1]["code"] == "file"
    assert answer(capsys, "export", folder / "nothing", *KEY)[1]["code"] == "file"
    (folder / "tiles/tile/0/000.p/9").unlink()
    (folder / "tiles/tile/0/000.p/9").mkdir()
    assert answer(capsys, "tiles", folder / "tiles", *KEY)[1]["code"] == "file"


def test_names_of_strangers_do_not_steer_the_terminal(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    steering = LOG_OF_9.signed().replace(ORIGIN.encode() + b"\n9", "gems\u202e\x9b2J\n9".encode())
    (folder / "tiles/checkpoint").write_bytes(steering)
    code, said = run(capsys, "tiles", folder / "tiles", *KEY)
    assert code == 1
    assert said.isprintable()
    assert run(capsys, "proof", "no\x9bfile", "--entry", folder / "leaf.json", *KEY)[1].count("\\u009b") == 1


@pytest.mark.parametrize(
    "arguments", [[], ["what"], ["proof"], ["proof", "a", *KEY], ["tiles", "a"], ["tiles", "a", *KEY, "--policy", "p"]]
)
def test_bad_usage_exits_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 2
    assert "usage: verify" in capsys.readouterr().err
