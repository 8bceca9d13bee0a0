"""Start programs, keep their words, start them again when they crash, and stop them all."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from marketplace.supervisor.logs import LogFile, is_warning
from marketplace.supervisor.programs import PROJECT, Program

STOP_TIMEOUT_SECONDS = 15
MOST_RESTARTS = 5
# A program that ran this long had started well: earlier crashes are forgiven.
STEADY_SECONDS = 60


@dataclass
class Child:
    """A running program and the story of its crashes."""

    program: Program
    process: subprocess.Popen[str]
    started: float
    restarts: int = 0
    restart_at: float | None = None


@dataclass
class Children:
    """The programs started here, each in a process group of its own, so that Ctrl-C reaches only us."""

    data_dir: Path
    environment: Mapping[str, str]
    running: list[Child] = field(default_factory=list)

    def start(self, program: Program) -> None:
        """Start a program."""
        self.running.append(Child(program, self._spawn(program), time.monotonic()))
        self._note()

    def tend(self) -> str | None:
        """Restart what has crashed, later each time; return the name of what crashed too often."""
        for child in self.running:
            if child.process.poll() is None:
                continue
            if child.restart_at is None and not self._plan_restart(child):
                return child.program.name
            if child.restart_at is not None and time.monotonic() >= child.restart_at:
                child.process, child.started, child.restart_at = self._spawn(child.program), time.monotonic(), None
                self._note()
        return None

    def stop(self) -> None:
        """Ask every program to end, the last started first, and end those that do not."""
        stop_groups([child.process.pid for child in reversed(self.running)])
        for child in self.running:
            child.process.wait()
        self.running.clear()
        self._note()

    def _plan_restart(self, child: Child) -> bool:
        """Decide when to start a crashed program again; say no after too many times."""
        if time.monotonic() - child.started > STEADY_SECONDS:
            child.restarts = 0
        child.restarts += 1
        print(f"{child.program.name} ended with status {child.process.returncode}; see {self._log(child.program)}")
        if child.restarts > MOST_RESTARTS:
            return False
        child.restart_at = time.monotonic() + 2 ** (child.restarts - 1)
        return True

    def _spawn(self, program: Program) -> subprocess.Popen[str]:
        process = subprocess.Popen(  # noqa: S603 (command lines of our own)
            program.command,
            cwd=PROJECT,
            env=dict(self.environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        threading.Thread(target=self._listen, args=(program, process), daemon=True).start()
        return process

    def _listen(self, program: Program, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        with LogFile(self._log(program)) as log, process.stdout:
            for line in process.stdout:
                log.write(line)
                if is_warning(line):
                    print(f"[{program.name}] {line.rstrip()}", flush=True)

    def _log(self, program: Program) -> Path:
        return self.data_dir / "logs" / f"{program.name}.log"

    def _note(self) -> None:
        alive = {str(child.process.pid): born_at(child.process.pid) for child in self.running}
        notes(self.data_dir).write_text(json.dumps(alive), encoding="utf-8")


def notes(data_dir: Path) -> Path:
    """Return where the numbers of the running programs are noted, for the next supervisor."""
    return data_dir / "children.json"


def stop_leftovers(data_dir: Path) -> None:
    """End the programs of an earlier supervisor that was killed before it could."""
    try:
        noted = json.loads(notes(data_dir).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return
    stop_groups([int(pid) for pid, born in noted.items() if born_at(int(pid)) == born])


def born_at(pid: int) -> float | None:
    """Return when a process began, which tells it from a later one with the same number."""
    try:
        return psutil.Process(pid).create_time()
    except psutil.Error:
        return None


def stop_groups(leaders: Sequence[int]) -> None:
    """End process groups politely, then after `STOP_TIMEOUT_SECONDS` for certain."""
    for leader in leaders:
        _signal_group(leader, signal.SIGTERM)
    deadline = time.monotonic() + STOP_TIMEOUT_SECONDS
    while any(_is_alive(leader) for leader in leaders) and time.monotonic() < deadline:
        time.sleep(0.05)
    for leader in leaders:
        _signal_group(leader, signal.SIGKILL)


def _signal_group(leader: int, number: signal.Signals) -> None:
    try:
        os.killpg(leader, number)
    except ProcessLookupError:
        return


def _is_alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False
