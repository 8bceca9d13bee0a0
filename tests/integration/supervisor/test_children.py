"""The supervisor's programs: kept running, listened to, and all stopped."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from marketplace.supervisor import children as children_module
from marketplace.supervisor.children import Children, born_at, stop_leftovers
from marketplace.supervisor.logs import LogFile, is_warning
from marketplace.supervisor.programs import Program

PATIENT = "import time\nprint('started', flush=True)\ntime.sleep(60)"
STUBBORN = (
    "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nprint('started', flush=True)\ntime.sleep(60)"
)
PARENT = (
    "import subprocess, sys, time\n"
    "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
    "print('child', child.pid, flush=True)\ntime.sleep(60)"
)


@pytest.fixture
def children(tmp_path: Path) -> Iterator[Children]:
    made = Children(tmp_path, dict(os.environ))
    yield made
    made.stop()


def python(name: str, code: str) -> Program:
    return Program(name, (sys.executable, "-c", code))


def until(condition: Callable[[], bool], *, seconds: float = 10) -> None:
    """Ask again and again until the condition holds."""
    deadline, pause = time.monotonic() + seconds, threading.Event()
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        pause.wait(0.01)


def heard(tmp_path: Path, name: str, words: str) -> bool:
    log = tmp_path / "logs" / f"{name}.log"
    return log.exists() and words in log.read_text(encoding="utf-8")


def is_alive(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def test_what_a_program_says_is_kept_and_only_warnings_are_shown(
    children: Children, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [json.dumps({"level": level, "event": f"an {level}"}) for level in ("info", "error")]
    children.start(python("web", f"print({lines[0]!r})\nprint({lines[1]!r}, flush=True)\n{PATIENT}"))

    until(lambda: heard(tmp_path, "web", "started"))

    shown = capsys.readouterr().out
    assert "an error" in shown
    assert "an info" not in shown
    assert heard(tmp_path, "web", "an info")


def test_a_crashed_program_is_started_again(children: Children, tmp_path: Path) -> None:
    children.start(python("worker", PATIENT))
    until(lambda: heard(tmp_path, "worker", "started"))
    first = children.running[0].process
    os.kill(first.pid, signal.SIGKILL)
    first.wait()

    until(lambda: children.tend() is None and children.running[0].process is not first)

    until(lambda: is_alive(children.running[0].process.pid))
    assert children.running[0].restarts == 1


def test_a_program_that_keeps_crashing_is_given_up(children: Children, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children_module, "MOST_RESTARTS", 1)
    children.start(python("worker", "raise SystemExit(3)"))

    until(lambda: children.tend() == "worker")


def test_each_wait_before_a_restart_is_twice_the_last(children: Children) -> None:
    children.start(python("worker", "raise SystemExit(3)"))
    child = children.running[0]
    child.process.wait()
    waits = []
    for _ in range(3):
        child.restart_at = None
        before = time.monotonic()
        assert children.tend() is None
        assert child.restart_at is not None
        waits.append(round(child.restart_at - before))

    assert waits == [1, 2, 4]


def test_stopping_ends_a_program_with_all_it_started(children: Children, tmp_path: Path) -> None:
    children.start(python("web", PARENT))
    until(lambda: heard(tmp_path, "web", "child"))
    grandchild = int((tmp_path / "logs" / "web.log").read_text().split()[-1])

    children.stop()

    assert children.running == []
    until(lambda: not is_alive(grandchild))


def test_a_program_that_will_not_stop_is_killed(
    children: Children, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(children_module, "STOP_TIMEOUT_SECONDS", 0.3)
    children.start(python("worker", STUBBORN))
    until(lambda: heard(tmp_path, "worker", "started"))
    process = children.running[0].process

    children.stop()

    assert process.returncode == -signal.SIGKILL


def test_programs_of_a_killed_supervisor_are_ended_by_the_next(tmp_path: Path) -> None:
    left = subprocess.Popen([sys.executable, "-c", PATIENT], start_new_session=True, stdout=subprocess.DEVNULL)
    (tmp_path / "children.json").write_text(json.dumps({str(left.pid): born_at(left.pid)}))

    stop_leftovers(tmp_path)

    assert left.wait(timeout=10) == -signal.SIGTERM


def test_another_program_with_a_noted_number_is_left_alone(tmp_path: Path) -> None:
    stranger = subprocess.Popen([sys.executable, "-c", PATIENT], start_new_session=True, stdout=subprocess.DEVNULL)
    try:
        (tmp_path / "children.json").write_text(json.dumps({str(stranger.pid): 1.0}))

        stop_leftovers(tmp_path)

        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_full_log_gives_way_to_a_new_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("marketplace.supervisor.logs.LARGEST_BYTES", 20)
    with LogFile(tmp_path / "web.log") as log:
        for number in range(4):
            log.write(f"line number {number}\n")

    assert (tmp_path / "web.log.1").exists()
    assert (tmp_path / "web.log").stat().st_size <= 40


@pytest.mark.parametrize(
    ("line", "loud"),
    [
        ('{"level": "error"}', True),
        ('{"level": "info", "event": "no ERROR here"}', False),
        ("{broken", False),
        ("Traceback (most recent call last):", True),
        ("GET / 200", False),
    ],
)
def test_a_line_is_shown_when_it_warns(line: str, loud: bool) -> None:
    assert is_warning(line) is loud
