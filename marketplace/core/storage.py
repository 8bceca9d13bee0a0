"""Where files are kept: one small interface, a local folder behind it."""

import os
import re
import secrets
from pathlib import Path
from typing import Protocol

_KEY = re.compile(r"[a-z0-9][a-z0-9_\-]*(/[a-z0-9][a-z0-9_\-.]*)*\Z")


class FileStore(Protocol):
    """Keep bytes under a key; the same key always holds the same bytes."""

    def put(self, key: str, content: bytes) -> None:
        """Store `content`; storing the same key again changes nothing."""

    def get(self, key: str) -> bytes:
        """Return the bytes; raise FileMissing."""

    def exists(self, key: str) -> bool:
        """Tell whether the key is there."""


class FileMissing(KeyError):
    """No file under this key."""


class LocalStore:
    """Files in a folder, written beside and renamed, so that a reader never sees half a file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, key: str, content: bytes) -> None:
        """Store `content` durably under `key`."""
        path = self._path(key)
        if path.exists():
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)

    def get(self, key: str) -> bytes:
        """Return the bytes under `key`; raise FileMissing."""
        try:
            return self._path(key).read_bytes()
        except FileNotFoundError as error:
            raise FileMissing(key) from error

    def exists(self, key: str) -> bool:
        """Tell whether `key` is there."""
        return self._path(key).exists()

    def _path(self, key: str) -> Path:
        if not _KEY.match(key) or ".." in key:
            raise ValueError(f"not a file key: {key!r}")
        return self._folder / key
