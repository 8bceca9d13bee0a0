"""The verifier in the hands of a stranger: two folders, Python, cryptography and rfc8785, and nothing of ours."""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from marketplace.audit import tlog, verify
from tests.unit.audit.tlog.small_log import LOG, log_of

ALLOWED = {"cryptography", "rfc8785"}
FOLDERS = [Path(str(each.__file__)).parent for each in (tlog, verify)]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Copy the two folders side by side, into a folder whose name is no name of a package."""
    place = tmp_path / "a stranger's folder.d"
    for folder in FOLDERS:
        shutil.copytree(folder, place / folder.name, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "log.jsonl").write_bytes(b"".join(log_of(5).export()))
    return place


def run(*arguments: object, where: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, *(str(each) for each in arguments)],
        cwd=where, env={}, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def test_it_runs_as_a_folder_isolated_from_everything(copy: Path) -> None:
    done = run("-I", copy / "verify", "export", "log.jsonl", "--key", LOG.verifier.text, where=copy.parent)
    assert (done.stderr, done.returncode) == ("", 0)
    assert done.stdout.startswith("This holds. All 5 entries are in the log log.example/gems as it was signed")
    # read with the name of the interpreter's own module search path: nothing of the marketplace is there
    seen = run("-I", "-c", "import marketplace", where=copy.parent)
    assert "ModuleNotFoundError" in seen.stderr


def test_it_runs_as_a_module_beside_its_formats(copy: Path) -> None:
    place = copy.rename(copy.parent / "auditlog")
    lines = (copy.parent / "log.jsonl").read_bytes().splitlines(keepends=True)
    (copy.parent / "log.jsonl").write_bytes(b"".join(lines[:-1]))
    arguments = ["-s", "-E", "-m", "auditlog.verify", "export", "log.jsonl", "--key", LOG.verifier.text]
    done = run(*arguments, where=place.parent)
    assert (done.stderr, done.returncode) == ("", 1)
    assert done.stdout == "This does NOT hold. The log signed 5 entries, but only 4 are here: the end is missing.\n"


def test_it_runs_from_here(tmp_path: Path) -> None:
    done = run(
        "-m", "marketplace.audit.verify", "export", "none", "--key", LOG.verifier.text, where=FOLDERS[0].parents[2]
    )
    assert done.returncode == 2
    assert done.stdout.startswith("This could not be checked.")


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {each.name.split(".")[0] for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names.add(str(node.module).split(".")[0])
    return names


def test_it_imports_the_standard_library_cryptography_and_rfc8785_only() -> None:
    files = [path for folder in FOLDERS for path in folder.rglob("*.py")]
    foreign = {path.name: found for path in files if (found := imported(path) - set(sys.stdlib_module_names) - ALLOWED)}
    assert len(files) > 15
    assert foreign == {}


def test_the_formats_reach_nothing_above_their_folder() -> None:
    levels = {
        (path.name, node.level)
        for path in FOLDERS[0].rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom)
    }
    assert {level for _, level in levels} <= {0, 1}
