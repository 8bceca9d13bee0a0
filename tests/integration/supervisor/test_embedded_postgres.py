"""The database that ships with the program: starts from nothing, survives kill -9, is private."""

import os
import signal
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import psycopg
import pytest

from marketplace.core import embedded_postgres
from marketplace.core.postgres_programs import PostgresFailed


@pytest.fixture
def data_dir(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "data"
    yield folder
    embedded_postgres.stop(folder)


def connect(data_dir: Path) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(embedded_postgres.database_address(data_dir).replace("+psycopg", ""))


def server_pid(data_dir: Path) -> int:
    return int((data_dir / "postgres" / "postmaster.pid").read_text().splitlines()[0])


def note(data_dir: Path, text: str) -> None:
    with connect(data_dir) as connection:
        connection.execute("create table if not exists note (text text)")
        connection.execute("insert into note values (%s)", (text,))


def notes(data_dir: Path) -> list[object]:
    with connect(data_dir) as connection:
        return [row[0] for row in connection.execute("select text from note")]


def test_a_server_starts_from_nothing_and_keeps_what_it_was_told(data_dir: Path) -> None:
    embedded_postgres.start(data_dir)
    note(data_dir, "kept")
    embedded_postgres.stop(data_dir)
    assert not embedded_postgres.is_running(data_dir)

    embedded_postgres.start(data_dir)

    assert notes(data_dir) == ["kept"]


def test_what_was_committed_survives_a_killed_server(data_dir: Path) -> None:
    embedded_postgres.start(data_dir)
    note(data_dir, "committed")
    os.kill(server_pid(data_dir), signal.SIGKILL)

    embedded_postgres.start(data_dir)

    assert notes(data_dir) == ["committed"]


def test_a_stale_process_number_taken_by_another_program_does_not_stop_a_start(data_dir: Path) -> None:
    embedded_postgres.start(data_dir)
    embedded_postgres.stop(data_dir)
    stale = data_dir / "postgres" / "postmaster.pid"
    stale.write_text(f"{os.getpid()}\n{data_dir}/postgres\n1\n5432\n/x\n\n1 2\nready\n")

    embedded_postgres.start(data_dir)

    assert embedded_postgres.is_running(data_dir)
    assert psutil.pid_exists(os.getpid())


def test_two_starters_end_with_one_server(data_dir: Path) -> None:
    with ThreadPoolExecutor(2) as pool:
        addresses = set(pool.map(embedded_postgres.start, [data_dir, data_dir]))

    assert addresses == {embedded_postgres.database_address(data_dir)}
    assert embedded_postgres.is_running(data_dir)


def test_the_server_loses_nothing_and_listens_to_nobody_else(data_dir: Path) -> None:
    embedded_postgres.start(data_dir)

    with connect(data_dir) as connection:
        shown = {
            name: connection.execute("select current_setting(%s)", (name,)).fetchone()
            for name in ("fsync", "full_page_writes", "listen_addresses", "TimeZone")
        }
        superuser = connection.execute("select rolsuper from pg_roles where rolname = current_user").fetchone()

    assert shown == {"fsync": ("on",), "full_page_writes": ("on",), "listen_addresses": ("",), "TimeZone": ("UTC",)}
    assert superuser == (False,)
    socket = embedded_postgres.socket_directory(data_dir)
    assert stat.S_IMODE(socket.stat().st_mode) == 0o700
    assert stat.S_IMODE((data_dir / "postgres").stat().st_mode) == 0o700


def test_a_test_server_is_quick_but_the_same_otherwise(data_dir: Path) -> None:
    embedded_postgres.start_for_tests(data_dir)

    with connect(data_dir) as connection:
        assert connection.execute("select current_setting('fsync')").fetchone() == ("off",)


def test_recreating_the_database_empties_it(data_dir: Path) -> None:
    embedded_postgres.start(data_dir)
    note(data_dir, "gone")

    embedded_postgres.recreate_database(data_dir)

    with connect(data_dir) as connection:
        assert connection.execute("select to_regclass('note')").fetchone() == (None,)


def test_a_deep_data_directory_still_has_a_short_socket(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["quite-a-long-name"] * 12)

    assert len(f"{embedded_postgres.socket_directory(deep)}/.s.PGSQL.5432.lock".encode()) <= 107


def test_a_socket_folder_laid_out_by_somebody_else_is_refused(data_dir: Path, tmp_path: Path) -> None:
    data_dir.mkdir()
    trap = embedded_postgres.socket_directory(data_dir)
    trap.symlink_to(tmp_path)
    try:
        with pytest.raises(PostgresFailed, match="belongs to somebody else"):
            embedded_postgres.start(data_dir)
    finally:
        trap.unlink()


def test_a_server_that_cannot_start_tells_its_own_reason(data_dir: Path) -> None:
    embedded_postgres.start(data_dir)
    embedded_postgres.stop(data_dir)
    (data_dir / "postgres" / "postgresql.conf").write_text("shared_buffers = plenty\n")

    with pytest.raises(PostgresFailed, match="shared_buffers"):
        embedded_postgres.start(data_dir)
