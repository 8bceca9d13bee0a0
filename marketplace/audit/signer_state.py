"""What the signer signed last, in a file outside the database: a restored backup cannot take it back."""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from marketplace.audit.refusals import LogRefused
from marketplace.audit.tlog.checkpoints import Checkpoint
from marketplace.audit.tlog.encoding import base64_text, hash_bytes
from marketplace.audit.tlog.errors import TlogError

_VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class StateFile:
    """The file with the last signed size and root of each origin."""

    path: Path

    def read(self, origin: str) -> Checkpoint | None:
        """Return what was signed last under this origin, or None; raise LogRefused (`state-unreadable`)."""
        found = self._all().get(origin)
        try:
            if found is None:
                return None
            return Checkpoint(origin, int(found["size"]), hash_bytes(found["root"], what="root"))
        except (TlogError, TypeError, KeyError, ValueError) as error:
            raise self._unreadable() from error

    def write(self, signed: Checkpoint) -> None:
        """Put the whole file in place at once, on the disk before this returns."""
        logs = {**self._all(), signed.origin: {"size": signed.size, "root": base64_text(signed.root)}}
        write_durably(self.path, json.dumps({"v": _VERSION, "logs": logs}, indent=1, sort_keys=True) + "\n")

    @contextmanager
    def held(self) -> Iterator[None]:
        """Let no other thread or process that asks for the same come between a read and the write that follows."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.with_name(f"{self.path.name}.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _all(self) -> Mapping[str, Any]:
        if not self.path.exists():
            return {}
        try:
            state = json.loads(self.path.read_text(encoding="utf-8"))
            logs = state["logs"] if state["v"] == _VERSION else None
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise self._unreadable() from error
        if not isinstance(logs, dict):
            raise self._unreadable()
        return logs

    def _unreadable(self) -> LogRefused:
        return LogRefused(
            "state-unreadable",
            f"The signer cannot read what it signed last: {self.path}. See docs/operations.md, The signed log.",
        )


def write_durably(path: Path, content: str) -> None:
    """Replace a file by a whole new one, readable by its owner only, and wait until the disk has it and its name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
