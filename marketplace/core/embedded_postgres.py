"""Run the PostgreSQL that ships inside a Python wheel, so that a fresh machine needs no database set-up.

One process starts and stops the server (the supervisor, or a test run); any number of processes may use it at
the address that `database_address` derives from the data directory. The wheel's own Python module is not used: it
stops the server when one of its users leaves, and opens every folder above the data to everybody.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import psycopg
from psycopg import sql

from marketplace.core.postgres_programs import PostgresFailed, allow_search, allow_use, run_program, server_account

__all__ = [
    "PostgresFailed",
    "database_address",
    "is_running",
    "recreate_database",
    "socket_directory",
    "start",
    "start_for_tests",
    "stop",
]

DATABASE = "marketplace"
# The database's owner is no superuser, as on a managed PostgreSQL.
OWNER = "marketplace"
SUPERUSER = "postgres"
START_TIMEOUT_SECONDS = 60
ORPHAN_TIMEOUT_SECONDS = 10
DURABLE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
# A test's database is thrown away: the machine's crash need not be survived.
# Nor is it vacuumed: the owner may not stop the superuser's vacuum that would keep it from being dropped.
FORGETFUL = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "autovacuum": "off"}
ALWAYS = {
    "listen_addresses": "''",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "max_connections": "100",
    "idle_in_transaction_session_timeout": "5min",
    # a week of logs at most, each day's file overwritten the week after
    "logging_collector": "on",
    "log_directory": "log",
    "log_filename": "postgres-%a.log",
    "log_truncate_on_rotation": "on",
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
}


def database_address(data_dir: Path, *, database: str = DATABASE) -> str:
    """Return the SQLAlchemy address of a database of the embedded server, running or not."""
    return f"postgresql+psycopg://{OWNER}@/{database}?host={socket_directory(data_dir)}"


def socket_directory(data_dir: Path) -> Path:
    """Return the short directory of the server's socket.

    A Unix socket's path may have 107 bytes; a data directory can be deeper than that.
    """
    digest = hashlib.sha256(str(data_dir.resolve()).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"marketplace-{digest}"


def start(data_dir: Path) -> str:
    """Start the server, or find it running, and return the address of its database.

    Raises `PostgresFailed` with the server's own last words when it cannot be started.
    """
    return _start(data_dir, durability=DURABLE)


def start_for_tests(directory: Path) -> str:
    """Start a quick server that does not outlive a crash of the machine; `stop(directory)` ends it."""
    return _start(directory, durability=FORGETFUL)


def stop(data_dir: Path) -> None:
    """Stop the server, rolling back what is still open; do nothing when it is not running."""
    with _one_at_a_time(data_dir):
        if is_running(data_dir):
            allow_search(_cluster(data_dir).parent)  # somebody may have closed a folder above since the start
            run_program("pg_ctl", "-D", str(_cluster(data_dir)), "-m", "fast", "-w", "-t", "30", "stop")
            with suppress(OSError):
                socket_directory(data_dir).rmdir()


def recreate_database(data_dir: Path) -> None:
    """Drop the running server's database with all it holds, and make it anew, empty."""
    with _administer(data_dir) as connection:
        connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(DATABASE)))
    _create_database(data_dir)


def is_running(data_dir: Path) -> bool:
    """Say whether a server of this data directory is alive."""
    pid = _recorded_pid(_cluster(data_dir))
    return pid is not None and _works_in(pid, _cluster(data_dir))


def _start(data_dir: Path, *, durability: dict[str, str]) -> str:
    data_dir.mkdir(parents=True, exist_ok=True)
    deadline = time.monotonic() + START_TIMEOUT_SECONDS
    with _one_at_a_time(data_dir):
        while True:
            if not is_running(data_dir):
                _prepare(data_dir)
                _launch(data_dir, settings={**ALWAYS, **durability})
            try:
                _create_database(data_dir)
                return database_address(data_dir)
            except psycopg.OperationalError as error:
                # a server found running may be dying, or still repairing after a crash
                if time.monotonic() > deadline:
                    raise PostgresFailed(f"the database does not answer: {error}") from error
                time.sleep(0.2)


@contextmanager
def _one_at_a_time(data_dir: Path) -> Iterator[None]:
    """Keep two processes from starting or stopping the same server; a killed holder lets go by itself."""
    if not data_dir.is_dir():
        yield
        return
    with (data_dir / "postgres.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _cluster(data_dir: Path) -> Path:
    return data_dir.resolve() / "postgres"


def _prepare(data_dir: Path) -> None:
    """Make the cluster and the socket's directory, each private to the account that runs the server."""
    cluster = _cluster(data_dir)
    allow_use()
    allow_search(cluster.parent)
    _own_directory(cluster)
    _own_directory(socket_directory(data_dir))
    if not (cluster / "PG_VERSION").exists():
        run_program(
            "initdb",
            f"--pgdata={cluster}",
            f"--username={SUPERUSER}",
            # only the owner of the socket's private directory (and root) can reach the server at all
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
        )
    _forget_dead_server(cluster, socket=socket_directory(data_dir))


def _own_directory(path: Path) -> None:
    path.mkdir(mode=0o700, exist_ok=True)
    account = server_account()
    if account is not None:
        if path.lstat().st_uid == 0:
            os.chown(path, account.uid, account.gid, follow_symlinks=False)
        expected = account.uid
    else:
        expected = os.geteuid()
    if path.is_symlink() or path.lstat().st_uid != expected:
        raise PostgresFailed(f"{path} belongs to somebody else; remove it and start again")
    path.chmod(0o700)


def _forget_dead_server(cluster: Path, *, socket: Path) -> None:
    """Remove the process id a killed server left behind, once nothing works in the cluster any more.

    PostgreSQL does this itself unless the number belongs to another process now, or to one not yet buried. Its children
    may outlive a killed server by a moment, and starting beside them would damage the data: wait for them.
    """
    pid = _recorded_pid(cluster)
    if pid is None:
        return
    deadline = time.monotonic() + ORPHAN_TIMEOUT_SECONDS
    while orphans := [number for number in psutil.pids() if _works_in(number, cluster)]:
        if time.monotonic() > deadline:
            raise PostgresFailed(f"processes of an earlier database are still running: {orphans}")
        time.sleep(0.1)
    if psutil.pid_exists(pid):
        for lock in (cluster / "postmaster.pid", *socket.glob(".s.PGSQL.*")):
            lock.unlink(missing_ok=True)


def _recorded_pid(cluster: Path) -> int | None:
    try:
        return int((cluster / "postmaster.pid").read_text(encoding="utf-8").splitlines()[0])
    except (FileNotFoundError, IndexError, ValueError):
        return None


def _works_in(pid: int, cluster: Path) -> bool:
    """Say whether a process is a PostgreSQL of this cluster: each of them works inside its directory."""
    try:
        process = psutil.Process(pid)
        alive = process.status() != psutil.STATUS_ZOMBIE
        return alive and process.name().startswith("postgres") and Path(process.cwd()) == cluster
    except psutil.Error:
        return False


def _launch(data_dir: Path, *, settings: dict[str, str]) -> None:
    cluster = _cluster(data_dir)
    options = " ".join(f"-c {name}={value}" for name, value in settings.items())
    first_words = cluster / "start.log"
    first_words.unlink(missing_ok=True)
    run_program(
        "pg_ctl",
        f"--pgdata={cluster}",
        f"--log={first_words}",
        f"--options={options} -k {socket_directory(data_dir)}",
        "--wait",
        f"--timeout={START_TIMEOUT_SECONDS}",
        "start",
        last_words=first_words,
    )


def _create_database(data_dir: Path) -> None:
    """Create the owner and its database when they are absent."""
    database, owner = sql.Identifier(DATABASE), sql.Identifier(OWNER)
    with _administer(data_dir) as connection:
        if not connection.execute("select 1 from pg_roles where rolname = %s", (OWNER,)).fetchone():
            connection.execute(sql.SQL("create role {} login createdb createrole").format(owner))
        if not connection.execute("select 1 from pg_database where datname = %s", (DATABASE,)).fetchone():
            connection.execute(sql.SQL("create database {} owner {}").format(database, owner))


def _administer(data_dir: Path) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(host=str(socket_directory(data_dir)), user=SUPERUSER, dbname="postgres", autocommit=True)
