"""`rates import-file`, `rates fetch` and `rates sources`: each refused row is told with the reason."""

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from config.rate_sources import RateSources, SourceDescription
from config.rates import Hosts
from marketplace.http.context import make_uow
from marketplace.http.database import db
from marketplace.pricing import queries, services
from marketplace.pricing.models import ReferenceRate
from marketplace.unit_of_work import running
from tests.builders.rate_sources import TODAY, series, source
from tests.rate_server import HOST, good, rate_server

CSV = "Date,USD AM,USD PM\n2026-09-28,4100,4110.5\n2026-09-29,,none\n2026-09-30,4100,4110\n"
LBMA = source(
    "lbma-csv",
    series("XAU/USD", code="XAU/USD:LBMA", fields=("USD PM", "USD AM"), priority=10),
    code="lbma", date_field="Date",
)  # fmt: skip


def described(app: Flask, monkeypatch: pytest.MonkeyPatch, *sources: SourceDescription, hosts: str = "x") -> None:
    changed = replace(
        app.extensions["settings"],
        rate_sources_file=RateSources(Path("x"), sources),
        rate_hosts=Hosts({hosts}),
        rate_fetch_loopback=True,
    )
    monkeypatch.setitem(app.extensions, "settings", changed)


def run(app: Flask, *words: str | Path) -> Result:
    return app.test_cli_runner().invoke(args=["rates", *map(str, words)])


def held(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(ReferenceRate)) or 0


def file(folder: Path, text: str | bytes) -> Path:
    path = folder / "rates.file"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_a_file_of_a_described_source_is_imported_and_its_bad_rows_told(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    described(app, monkeypatch, LBMA)
    path = file(tmp_path, CSV)

    dry = run(app, "import-file", path, "--source", "lbma", "--dry-run")
    assert (dry.exit_code, held(app)) == (0, 0)
    assert "1 rates would be imported, 2 rows refused." in dry.output
    done = run(app, "import-file", path, "--source", "lbma")

    assert (done.exit_code, held(app)) == (0, 1)
    assert done.output.splitlines() == [
        "  row 3: none is not a number",
        "  row 4: the day is in the future: 2026-09-30",
        "1 new, 0 wait for a curator, 2 refused.",
    ]
    with app.app_context(), running(make_uow, read_only=True) as uow:
        rate = queries.rate_as_of(uow.session, "XAU/USD", TODAY)
        assert rate is not None
        assert rate.series == "XAU/USD:LBMA"


@pytest.mark.parametrize("text", [CSV[:-9], b"\xff", "", "a,b\n", "Date,USD PM\n2026-09-30,1\n"])
def test_a_file_that_cannot_be_used_ends_with_one(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str | bytes
) -> None:
    described(app, monkeypatch, LBMA)
    done = run(app, "import-file", file(tmp_path, text), "--source", "lbma")
    assert (done.exit_code, held(app)) == (1, 0)
    assert "The whole document is refused" in done.output or "No row could be used" in done.output


def test_a_file_may_be_described_by_words(app: Flask, tmp_path: Path) -> None:
    with app.app_context(), running(make_uow) as uow:
        services.ensure_series(uow, source("csv", series("XAU/USD"), series("USD/TZS")))

    by_csv = file(tmp_path, "day,price\n2026-09-28,132.75\n")
    words = ("--format", "csv", "--series", "XAU/USD", "--date-field", "day", "--value-field", "price")
    done = run(app, "import-file", by_csv, *words, "--unit", "USD per g")
    assert done.output == "1 new, 0 wait for a curator, 0 refused.\n"

    by_api = file(tmp_path, '{"date": "2026-09-29", "usd": {"xau": 0.00024218, "tzs": 2450.1}}')
    words = ("--format", "currency-api", "--series", "XAU/USD", "--series", "USD/TZS")
    assert run(app, "import-file", by_api, *words).output == "2 new, 0 wait for a curator, 0 refused.\n"

    by_json = file(tmp_path, '{"all": [{"date": "2026-09-27", "value": 2440}]}')
    words = ("--format", "json", "--series", "USD/TZS", "--rows", "all")
    assert run(app, "import-file", by_json, *words).output == "1 new, 0 wait for a curator, 0 refused.\n"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "Give either --source or --format."),
        (("--source", "lbma", "--format", "csv"), "Give either --source or --format."),
        (("--source", "unknown"), "There is no source unknown. There are: ecb, currency-api."),
        (("--format", "csv"), "Name the series with --series."),
        (("--format", "csv", "--series", "XBT/USD"), "There is no series XBT/USD."),
        (("--format", "csv", "--series", "XAU/USD", "--series", "USD/TZS"), "holds the values of one series"),
        (("--format", "csv", "--series", "XAU/USD", "--unit", "USD per pound"), "The unit must be one of: USD per ozt"),
    ],
)
def test_words_that_describe_nothing_say_what_to_do(
    app: Flask, tmp_path: Path, words: tuple[str, ...], told: str
) -> None:
    with app.app_context(), running(make_uow) as uow:
        services.ensure_series(uow, source("csv", series("XAU/USD"), series("USD/TZS")))
    done = run(app, "import-file", file(tmp_path, CSV), *words)
    assert done.exit_code != 0
    assert told in done.output


def test_sources_are_fetched_by_hand_and_listed_with_their_age(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    body = b"Date,USD PM\n2026-09-28,4110\n2026-09-29,none\n"
    with rate_server(rates=good(body), bad=good(b"", status="500 Oh")) as server:
        address = server.address().replace(HOST, "127.0.0.1")
        sound = replace(LBMA, address=address)
        failing = replace(LBMA, code="failing", address=address.replace("rates", "bad"))
        described(app, monkeypatch, sound, failing, replace(LBMA, code="files"), hosts=f"127.0.0.1:{server.port}")

        assert "never fetched" in run(app, "sources").output
        one = run(app, "fetch", "lbma")
        everything = run(app, "fetch")
        listed = run(app, "sources")

    assert one.exit_code == 0
    assert one.output.splitlines() == [
        "lbma: imported, 1 new, 0 wait for a curator (rows: 1 refused, 1 read)",
        "  row 3: none is not a number",
    ]
    assert everything.exit_code == 1
    assert "failing: failed, 0 new, 0 wait for a curator (status_500: the answer has status 500, not 200)" in (
        everything.output
    )
    assert "  imported, 0 new, 0 wait for a curator (rows: 1 refused, 1 read); 0 hours ago" in listed.output
    assert "files (lbma-csv, 1 series): files only" in listed.output
    assert "RATE_FETCH is no" in listed.output
    assert "files has no address" in run(app, "fetch", "files").output
