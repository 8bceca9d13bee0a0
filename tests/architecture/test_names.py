"""Names say what is inside; paths of one person's machine stay out."""

import re

from tests.architecture.tree import ROOT, name_of, python_files, text_files

VAGUE = ("utils", "util", "helpers", "helper", "common", "manager", "managers", "misc")
# Spelt in pieces, so that this file does not contain what it looks for.
MACHINE_PATH = re.compile(r"(?<![\w.:/-])/" + r"(?:work|root|home|Users)/" + r"[\w.]")


def vague_parts(name: str) -> list[str]:
    """Return the words of a path that name nothing."""
    return [part for part in name.removesuffix(".py").split("/") if part in VAGUE]


def machine_paths(text: str) -> list[str]:
    """Return the paths in a text that exist on one machine only."""
    return MACHINE_PATH.findall(text)


def test_no_module_has_a_vague_name() -> None:
    assert [name_of(path) for path in python_files() if vague_parts(name_of(path))] == []


def test_no_file_mentions_the_machine_it_was_written_on() -> None:
    assert [name_of(path) for path in text_files() if machine_paths(path.read_text(encoding="utf-8"))] == []


def test_the_locks_name_no_index() -> None:
    """Return to the default index: a lock that names another one works on one machine only."""
    for lock in ("requirements.txt", "requirements-dev.txt"):
        lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
        assert [
            line for line in lines if "://" in line or (line.lstrip().startswith("--") and "--hash" not in line)
        ] == []


def test_the_checks_find_what_they_look_for() -> None:
    assert vague_parts("marketplace/core/utils.py") == ["utils"]
    assert vague_parts("marketplace/core/utilities_of_money.py") == []
    assert machine_paths("see /" + "work/main/x")
    assert machine_paths("open('/" + "root/.ssh')")
    assert not machine_paths("https://example.org/" + "work/history")
