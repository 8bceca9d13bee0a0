"""Change a price book in the making: upload, mend row by row, propose, discard. Every cell is kept as it was typed."""

from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from typing import Any, Final

from marketplace.core.errors import Conflict, FieldError, Forbidden, InvalidInput, NotFound
from marketplace.core.text import N_
from marketplace.pricing.book.dry_run import DryRun, dry_run
from marketplace.pricing.book.proposal import MOST_BANDS, Vocabulary
from marketplace.pricing.book.sheet import COLUMNS, Row, read_cells, rows_of_bands
from marketplace.pricing.models import PriceBookDraft, PriceBookEdition
from marketplace.pricing.queries import open_drafts, proposals_of, published_edition
from marketplace.pricing.services.price_book import LONGEST_NOTE, check_against, propose_edition
from marketplace.unit_of_work import UnitOfWork

LONGEST_FILE_NAME: Final = 200


class DraftClosed(Conflict):
    """The draft was proposed or discarded; its rows stay as they are."""

    code = "draft_closed"
    message = N_("This draft was already proposed or discarded.")


def upload_draft(uow: UnitOfWork, *, file_name: str, content: bytes, rows: list[dict[str, Any]]) -> PriceBookDraft:
    """Keep the rows of a file as a draft; the same file sent again by the same person is the same draft."""
    digest = sha256(content).hexdigest()
    for earlier in open_drafts(uow.session, uploaded_by=who(uow), sha256=digest, limit=1):
        return earlier
    return _keep(uow, file_name=file_name[-LONGEST_FILE_NAME:], digest=digest, rows=rows)


def copy_edition_in_force(uow: UnitOfWork) -> PriceBookDraft:
    """Make a draft of the bands in force; raises NotFound without an edition in force."""
    edition = published_edition(uow.session, uow.now)
    if edition is None:
        raise NotFound(N_("No edition is in force yet. Upload a file."))
    rows = rows_of_bands(proposals_of(uow.session, edition.id))
    name = f"edition-{edition.number}"
    return _keep(uow, file_name=name, digest=sha256(name.encode()).hexdigest(), rows=rows)


def mend_row(
    uow: UnitOfWork, *, draft: PriceBookDraft, number: int, cells: Mapping[str, str], vocabulary: Vocabulary
) -> None:
    """Change the cells of one row; raises NotFound for no such row, InvalidInput by column for cells that are wrong."""
    before = row_of(draft, number)
    after = _readable(uow, draft, cells, number=number, vocabulary=vocabulary)
    draft.rows = [after if row["row"] == number else row for row in draft.rows]
    uow.record("price_book_draft.mend", draft, row=number, before=before["cells"], after=after["cells"])


def add_row(uow: UnitOfWork, *, draft: PriceBookDraft, cells: Mapping[str, str], vocabulary: Vocabulary) -> int:
    """Add a row at the end and return its number; raises InvalidInput by column for cells that are wrong."""
    if len(draft.rows) >= MOST_BANDS:
        raise InvalidInput({"variety": FieldError(N_("An edition has at most %(most)s bands."), most=MOST_BANDS)})
    number = max((int(row["row"]) for row in draft.rows), default=1) + 1
    added = _readable(uow, draft, cells, number=number, vocabulary=vocabulary)
    draft.rows = [*draft.rows, added]
    uow.record("price_book_draft.add_row", draft, row=number, cells=added["cells"])
    return number


def remove_row(uow: UnitOfWork, *, draft: PriceBookDraft, number: int) -> None:
    """Take one row out; raises NotFound for no such row."""
    _check_own(uow, draft)
    removed = row_of(draft, number)
    draft.rows = [row for row in draft.rows if row["row"] != number]
    uow.record("price_book_draft.remove_row", draft, row=number, cells=removed["cells"])


def discard_draft(uow: UnitOfWork, *, draft: PriceBookDraft) -> None:
    """Lay a draft aside; its rows stay on record."""
    _check_own(uow, draft)
    draft.discarded_at = uow.now
    uow.record("price_book_draft.discard", draft)


def propose_draft(
    uow: UnitOfWork,
    *,
    draft: PriceBookDraft,
    vocabulary: Vocabulary,
    note: str,
    gaps_are_meant: str,
    against: int | None,
) -> PriceBookEdition:
    """Propose a draft without errors as an edition.

    `against` is the number of the edition in force that the proposer saw the difference to: raises BookMoved when it is
    another one by now. Raises InvalidInput without a note, or without the word that the gaps are meant.
    """
    _check_own(uow, draft)
    check_against(uow, against)
    found = dry_run_of(uow, draft, vocabulary=vocabulary)
    errors = _unsaid(note, gaps_are_meant, found)
    if errors:
        raise InvalidInput(errors)
    edition = propose_edition(uow, bands=found.bands, note=note.strip())
    draft.edition_id = edition.id
    uow.record("price_book_draft.propose", draft, edition, accepted_gaps=len(found.gaps))
    return edition


def dry_run_of(uow: UnitOfWork, draft: PriceBookDraft, *, vocabulary: Vocabulary) -> DryRun:
    """Return what the draft would be as an edition today."""
    edition = published_edition(uow.session, uow.now)
    in_force = proposals_of(uow.session, edition.id) if edition is not None else []
    return dry_run(draft.rows, vocabulary=vocabulary, today=uow.now.date(), in_force=in_force)


def row_of(draft: PriceBookDraft, number: int) -> Row:
    """Return one row of a draft, or raise NotFound."""
    for row in draft.rows:
        if row["row"] == number:
            return row
    raise NotFound


def is_open(draft: PriceBookDraft) -> bool:
    """Say whether the draft can still change."""
    return draft.edition_id is None and draft.discarded_at is None


def who(uow: UnitOfWork) -> str:
    """Return how a draft or an edition names the person who acts."""
    return str(uow.actor.user_id or uow.actor.name)


def _keep(uow: UnitOfWork, *, file_name: str, digest: str, rows: list[dict[str, Any]]) -> PriceBookDraft:
    draft = PriceBookDraft(file_name=file_name, sha256=digest, rows=rows, uploaded_by=who(uow), uploaded_at=uow.now)
    uow.session.add(draft)
    uow.record("price_book_draft.upload", draft, file_name=file_name, rows=len(rows), hashes={"file": digest})
    return draft


def _check_own(uow: UnitOfWork, draft: PriceBookDraft) -> None:
    """Let only the person who uploaded a draft change it: then whoever approves the edition has made none of it."""
    if draft.uploaded_by != who(uow):
        raise Forbidden(N_("Only the person who made this draft may change it."))
    if not is_open(draft):
        raise DraftClosed


def _readable(
    uow: UnitOfWork, draft: PriceBookDraft, cells: Mapping[str, str], *, number: int, vocabulary: Vocabulary
) -> dict[str, Any]:
    _check_own(uow, draft)
    typed = {name: " ".join(cells.get(name, "").split()) for name in COLUMNS}
    today: date = uow.now.date()
    wrong = read_cells(typed, number, vocabulary=vocabulary, today=today)
    if wrong:
        raise InvalidInput({error.column: FieldError(error.message, **error.params) for error in wrong})
    return {"row": number, "cells": typed}


def _unsaid(note: str, gaps_are_meant: str, found: DryRun) -> dict[str, FieldError | str]:
    errors: dict[str, FieldError | str] = {}
    if not found.is_right:
        errors[""] = N_("This draft has errors or changes nothing. Mend it first.")
    if not note.strip():
        errors["note"] = N_("Say what changes and why, for the person who approves it.")
    elif len(note) > LONGEST_NOTE:
        errors["note"] = N_("Write less: this text is too long.")
    if found.gaps and not gaps_are_meant:
        errors["gaps_are_meant"] = N_("Close the gaps, or tick that they are meant.")
    return errors
