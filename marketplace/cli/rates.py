"""`flask --app wsgi rates …`: the reference data that prices rest on."""

from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from config.rate_sources import SourceDescription
from marketplace.core.errors import DomainError
from marketplace.http.context import make_uow, settings
from marketplace.pricing.described_by_hand import FORMATS, description_by_hand
from marketplace.pricing.models import RateFetch, ReferenceSeries
from marketplace.pricing.queries import latest_fetches
from marketplace.pricing.services import (
    ensure_series,
    fetch_source,
    import_observations,
    import_price_book,
    import_rates,
    import_rules,
)
from marketplace.pricing.sources import DocumentRefused, RefusedRow, source_for
from marketplace.unit_of_work import UnitOfWork, running

LARGEST_FILE = 50_000_000
group = AppGroup("rates", help="Import and fetch reference data.")


@group.command("import")
def import_shipped() -> None:
    """Import the shipped rates, charges, standards and price book; a second run changes nothing."""
    with running(make_uow) as uow:
        rates, rules, edition = import_rates(uow), import_rules(uow), import_price_book(uow)
        number = edition.number if edition is not None else None
    click.echo(f"{rates} new rates, {rules} new charges and standards.")
    if number is not None:
        click.echo(f"Price book {number} is published; every band of it is marked unverified.")


@group.command("import-file")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--source", "code", help="The source in RATE_SOURCES_FILE that describes the file.")
@click.option("--format", "form", type=click.Choice(FORMATS), help="The file's shape, when no source describes it.")
@click.option("--series", "codes", multiple=True, help="With --format: the series it holds, such as XAU/USD.")
@click.option("--date-field", default="date", show_default=True, help="With csv and json: where the day stands.")
@click.option("--value-field", default="value", show_default=True, help="With csv and json: where the value stands.")
@click.option("--unit", help='With csv and json: the file\'s unit, such as "USD per g".')
@click.option("--rows", default="", help="With json: the path to the list of rows.")
@click.option("--dry-run", is_flag=True, help="Say what would happen and change nothing.")
def import_file(file: Path, *, code: str | None, form: str | None, dry_run: bool, **words: Any) -> None:
    """Import the rates of a file; each row that is not used is named with the reason."""
    if (code is None) == (form is None):
        raise click.UsageError("Give either --source or --format.")
    if file.stat().st_size > LARGEST_FILE:
        raise click.ClickException(f"The file is larger than {LARGEST_FILE} bytes.")
    with running(make_uow, read_only=dry_run) as uow:
        described = _source(code) if code is not None else _by_hand(uow, form or "", **words)
        try:
            feed = source_for(described, today=uow.now.date()).parse(file.read_bytes())
        except DocumentRefused as refused:
            raise click.ClickException(f"The whole document is refused: {refused}.") from None
        _tell(feed.refused)
        if dry_run:
            click.echo(f"{len(feed.observations)} rates would be imported, {len(feed.refused)} rows refused.")
        else:
            if code is not None:
                ensure_series(uow, described)
            done = import_observations(uow, feed.observations)
            _tell(done.refused)
            refused_rows = len(feed.refused) + len(done.refused)
            click.echo(f"{done.new} new, {done.quarantined} wait for a curator, {refused_rows} refused.")
    if not feed.observations:
        raise click.ClickException("No row could be used.")


@group.command("fetch")
@click.argument("codes", nargs=-1)
def fetch_now(codes: tuple[str, ...]) -> None:
    """Fetch sources now: those named, or all that have an address."""
    described = [_source(code) for code in codes] or [
        each for each in settings().rate_sources_file.described if each.address
    ]
    failed = False
    for source in described:
        if not source.address:
            raise click.ClickException(f"{source.code} has no address: import its files with `rates import-file`.")
        done = fetch_source(make_uow, source=source)
        click.echo(f"{source.code}: {'another worker is at it' if done is None else _outcome(done)}")
        if done is not None:
            _tell(tuple(RefusedRow(**row) for row in done.refused_rows))
            failed = failed or done.outcome in ("failed", "refused")
    if failed:
        raise SystemExit(1)


@group.command("sources")
def list_sources() -> None:
    """List the sources with their last outcome and its age."""
    with running(make_uow, read_only=True) as uow:
        newest = {each.source: each for each in latest_fetches(uow.session)}
        for source in settings().rate_sources_file.described:
            click.echo(
                f"{source.code} ({source.adapter}, {len(source.series)} series): {source.address or 'files only'}"
            )
            found = newest.get(source.code)
            if found is None:
                click.echo("  never fetched")
            else:
                hours = (uow.now - found.started_at).total_seconds() // 3600
                click.echo(f"  {_outcome(found)}; {hours:.0f} hours ago")
    if not settings().rate_fetch:
        click.echo("RATE_FETCH is no: nothing is fetched on time.")


def _source(code: str) -> SourceDescription:
    described = settings().rate_sources_file.named(code)
    if described is None:
        known = ", ".join(each.code for each in settings().rate_sources_file.described)
        raise click.ClickException(f"There is no source {code}. There are: {known}.")
    return described


def _by_hand(
    uow: UnitOfWork,
    form: str,
    *,
    codes: tuple[str, ...] = (),
    date_field: str,
    value_field: str,
    unit: str | None,
    rows: str,
) -> SourceDescription:
    series = []
    for code in codes:
        row = uow.session.get(ReferenceSeries, code)
        if row is None:
            raise click.ClickException(f"There is no series {code}.")
        series.append(row)
    if not series:
        raise click.UsageError("Name the series with --series.")
    try:
        return description_by_hand(form, series, day=date_field, value=value_field, unit=unit, rows=rows)
    except DomainError as refused:
        raise click.ClickException(str(refused)) from None


def _outcome(done: RateFetch) -> str:
    words = f"{done.outcome}, {done.new_rates} new, {done.quarantined} wait for a curator"
    return f"{words} ({done.reason})" if done.reason else words


def _tell(refused: tuple[RefusedRow, ...]) -> None:
    for each in refused:
        click.echo(f"  {each.place}: {each.reason}", err=True)
