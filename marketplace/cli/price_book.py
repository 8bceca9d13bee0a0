"""`flask --app wsgi price-book …`: check and propose a sheet, write an edition to a file."""

from pathlib import Path

import click
from flask.cli import AppGroup

from marketplace.accounts.queries import actor_of_user, user_by_email
from marketplace.core.actor import SYSTEM, StaffRole
from marketplace.core.errors import DomainError, InvalidInput, NotFound
from marketplace.http.context import make_uow
from marketplace.pricing import queries, services
from marketplace.pricing.book import (
    DryRun,
    FileRefused,
    Legend,
    SheetError,
    Vocabulary,
    read_file,
    rows_of_table,
    to_csv,
    to_xlsx,
)
from marketplace.pricing.book.dry_run import dry_run
from marketplace.pricing.book.files import MOST_BYTES
from marketplace.unit_of_work import UnitOfWork, running
from marketplace.web.staff.price_book_words import COLUMN_HELP, EVIDENCE_LABELS, vocabulary

group = AppGroup("price-book", help="Import and export the price book of coloured stones.")
MOST_LINES = 200


@group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", "only_check", is_flag=True, help="Check the file and change nothing.")
@click.option("--propose", is_flag=True, help="Propose the file as an edition; a curator approves it on the pages.")
@click.option("--note", default="", help="What changes and why.")
@click.option("--gaps-are-meant", is_flag=True, help="Accept the gaps that are named.")
@click.option("--by", default="", metavar="EMAIL", help="The curator who proposes; she cannot approve it then.")
def import_file(file: Path, *, only_check: bool, propose: bool, note: str, gaps_are_meant: bool, by: str) -> None:
    """Check a sheet; with --propose make it an edition that waits for approval."""
    if only_check == propose:
        raise click.UsageError("Choose one of --dry-run and --propose.")
    content = _content(file)
    try:
        rows, errors = rows_of_table(read_file(file.name, content))
    except FileRefused as refused:
        raise click.ClickException(str(refused)) from None
    with running(make_uow, read_only=True) as uow:
        found = _checked(uow, rows, vocabulary())
    _tell(found, errors)
    if errors or found.errors:
        raise click.ClickException("The file has errors. Nothing was changed.")
    if propose:
        _propose(file.name, content, rows, note=note, meant="yes" if gaps_are_meant else "", by=by)


@group.command("export")
@click.argument("number", type=click.IntRange(min=1))
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path))
def export_file(number: int, file: Path) -> None:
    """Write an edition as .xlsx or .csv, by the ending of the file's name."""
    ending = file.suffix.lower()
    if ending not in {".xlsx", ".csv"}:
        raise click.UsageError("Name a file that ends in .xlsx or .csv.")
    try:
        with running(make_uow, read_only=True) as uow:
            edition = queries.edition_by_number(uow.session, number)
            bands = queries.proposals_of(uow.session, edition.id)
    except NotFound:
        raise click.ClickException(f"There is no edition {number}.") from None
    file.write_bytes(to_csv(bands) if ending == ".csv" else to_xlsx(bands, _legend()))
    click.echo(f"Edition {number}: {len(bands)} bands in {file}.")


def _content(file: Path) -> bytes:
    with file.open("rb") as stream:
        return stream.read(MOST_BYTES + 1)


def _checked(uow: UnitOfWork, rows: list[dict[str, object]], words: Vocabulary) -> DryRun:
    edition = queries.published_edition(uow.session, uow.now)
    in_force = queries.proposals_of(uow.session, edition.id) if edition is not None else []
    return dry_run(rows, vocabulary=words, today=uow.now.date(), in_force=in_force)


def _propose(name: str, content: bytes, rows: list[dict[str, object]], *, note: str, meant: str, by: str) -> None:
    try:
        with running(make_uow) as uow:
            own = _acting(uow, by)
            draft = services.upload_draft(own, file_name=name, content=content, rows=rows)
            newest = queries.last_published(uow.session)
            edition = services.propose_draft(
                own,
                draft=draft,
                vocabulary=vocabulary(),
                note=note,
                gaps_are_meant=meant,
                against=newest.number if newest is not None else None,
            )
            number = edition.number
    except InvalidInput as error:
        raise click.ClickException(" ".join(why.message for why in error.fields.values())) from None
    except DomainError as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"Edition {number} is proposed. A curator must approve it.")


def _acting(uow: UnitOfWork, email: str) -> UnitOfWork:
    """Return the unit of work in the name of a curator; of the system where nobody is named."""
    if not email:
        return uow.acting_as(SYSTEM)
    actor = actor_of_user(uow.session, user_by_email(uow.session, email))
    if not actor.has_role(StaffRole.CURATOR):
        raise click.ClickException("This person is no curator.")
    return uow.acting_as(actor)


def _tell(found: DryRun, header: list[SheetError]) -> None:
    for error in [*header, *found.errors][:MOST_LINES]:
        words = error.message % error.params if error.params else error.message
        click.echo(f"Row {error.row}, {error.column or 'whole row'}: {error.text[:60]!r}. {words}")
    for gap in found.gaps[:MOST_LINES]:
        click.echo(f"Gap: {gap}.")
    for odd in found.oddities[:MOST_LINES]:
        click.echo(f"Check: row {odd.second.row} is cheaper than row {odd.first.row}, with more {odd.kind}.")
    change = found.difference
    click.echo(
        f"{len(found.placed)} bands, {len(header) + len(found.errors)} errors, {len(found.gaps)} gaps; "
        f"{len(change.added)} new, {len(change.removed)} taken out, {len(change.changed)} changed "
        f"({change.large} by more than 25 %), {change.unchanged} unchanged."
    )


def _legend() -> Legend:
    """Return the second sheet in English: a command knows no reader's language."""
    words = vocabulary()
    rows = [*COLUMN_HELP.items(), ("", ""), *words.varieties.items(), ("", ""), *words.treatments.items()]
    return Legend("Price book", "Columns and codes", [*rows, ("", ""), *EVIDENCE_LABELS.items()])
