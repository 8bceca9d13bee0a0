"""A price book in the making: upload, dry run, mend row by row, propose. Nothing typed is lost on the way."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.accounts.queries import names_of
from marketplace.core.actor import StaffRole
from marketplace.core.errors import InvalidInput
from marketplace.core.text import N_
from marketplace.http.access import allow, staff
from marketplace.http.context import current_uow
from marketplace.http.idempotency import once
from marketplace.http.languages import translate, translate_error
from marketplace.pricing import queries, services
from marketplace.pricing.book import COLUMNS, FileRefused, SheetError, read_cells, read_file, read_rows, rows_of_table
from marketplace.pricing.book.files import MOST_BYTES
from marketplace.pricing.models import PriceBookDraft
from marketplace.pricing.services.price_book_drafts import dry_run_of, is_open, row_of, who
from marketplace.web.filters import variety
from marketplace.web.staff import price_book_words as words

bp = Blueprint("staff_price_book_drafts", __name__, url_prefix="/staff/price-book/drafts")
READERS = staff(StaffRole.CURATOR, StaffRole.AUDITOR, StaffRole.ADMINISTRATOR)
CURATORS = staff(StaffRole.CURATOR)
Page = Response | str | tuple[str, int]


@bp.get("/new")
@allow(CURATORS)
def new() -> str:
    """Show the form for a file, and the button that copies the edition in force."""
    return _upload_page({}, ())


@bp.post("")
@allow(CURATORS)
def upload() -> Page:
    """Keep the rows of a file as a draft. The same file again is the same draft, so no form needs to be sent once."""
    uow = current_uow()
    file = request.files.get("file")
    name, content = (file.filename or "", file.read(MOST_BYTES + 1)) if file else ("", b"")
    try:
        rows, errors = rows_of_table(read_file(name, content))
    except FileRefused as refused:
        return _upload_page({"file": translate_error(refused)}, ()), 422
    if errors:
        reading = read_rows(rows, vocabulary=words.vocabulary(), today=uow.now.date())
        told = translate(
            N_("The first row of this file is not right. Nothing was kept. Mend the file and send it again.")
        )
        return _upload_page({"file": told}, [*errors, *_of_known_columns(rows, reading.errors)]), 422
    draft = services.upload_draft(uow, file_name=name, content=content, rows=rows)
    return _to(draft)


@bp.post("/copy")
@allow(CURATORS)
@once
def copy() -> Response:
    """Make a draft of the bands in force, to correct or add some."""
    return _to(services.copy_edition_in_force(current_uow()))


@bp.get("/<uuid:draft_id>")
@allow(READERS)
def show(draft_id: UUID) -> str:
    """Show what the draft would be as an edition: errors, gaps, warnings, differences."""
    return _page(_draft(draft_id), values={}, errors={})


@bp.post("/<uuid:draft_id>/proposal")
@allow(CURATORS)
@once
def propose(draft_id: UUID) -> Page:
    """Propose the draft as an edition."""
    draft = _draft(draft_id, lock=True)
    try:
        edition = services.propose_draft(
            current_uow(),
            draft=draft,
            vocabulary=words.vocabulary(),
            note=request.form.get("note", "").replace("\r\n", "\n"),
            gaps_are_meant=request.form.get("gaps_are_meant", ""),
            against=_number(request.form.get("against", "")),
        )
    except services.BookMoved as moved:
        return _page(draft, values=request.form, errors={"": translate_error(moved)}), 409
    except InvalidInput as error:
        return _page(draft, values=request.form, errors=_messages(error)), 422
    flash(translate(N_("Proposed. Another curator must approve it.")), "good")
    return redirect(url_for("staff_price_book.show", number=edition.number), code=303)


@bp.post("/<uuid:draft_id>/discarding")
@allow(CURATORS)
@once
def discard(draft_id: UUID) -> Response:
    """Lay the draft aside."""
    services.discard_draft(current_uow(), draft=_draft(draft_id, lock=True))
    flash(translate(N_("The draft is laid aside.")), "good")
    return redirect(url_for("staff_price_book.index"), code=303)


@bp.get("/<uuid:draft_id>/rows")
@allow(READERS)
def rows(draft_id: UUID) -> str:
    """List the rows of a draft, to open one of them."""
    draft = _draft(draft_id)
    chosen = request.args.get("variety", "")
    kept = [row for row in draft.rows if not chosen or row["cells"].get("variety") == chosen]
    codes = sorted({row["cells"].get("variety", "") for row in draft.rows} - {""})
    return render_template(
        "staff/price_book/rows.html",
        draft=draft,
        part=words.part(kept, "page", dict, ".rows", draft_id=draft.id, variety=chosen),
        choices=[("", translate(N_("All")))] + [(code, variety(code)) for code in codes],
        chosen=chosen,
        may_change=_may_change(draft),
    )


@bp.get("/<uuid:draft_id>/rows/new")
@allow(CURATORS)
def new_row(draft_id: UUID) -> str:
    """Show an empty row."""
    return _row_page(_draft(draft_id), None, values={"evidence": "unverified"}, errors={})


@bp.post("/<uuid:draft_id>/rows")
@allow(CURATORS)
@once
def add_row(draft_id: UUID) -> Page:
    """Add a row at the end of the draft."""
    draft = _draft(draft_id, lock=True)
    try:
        number = services.add_row(current_uow(), draft=draft, cells=request.form, vocabulary=words.vocabulary())
    except InvalidInput as error:
        return _row_page(draft, None, values=request.form, errors=_messages(error)), 422
    flash(translate(N_("Row %(row)s is added."), row=number), "good")
    return _to(draft)


@bp.get("/<uuid:draft_id>/rows/<int:row>")
@allow(READERS)
def show_row(draft_id: UUID, row: int) -> str:
    """Show the cells of one row with what is wrong in them."""
    draft = _draft(draft_id)
    cells = row_of(draft, row)["cells"]
    wrong = read_cells(cells, row, vocabulary=words.vocabulary(), today=current_uow().now.date())
    errors = {error.column: words.error_row(error)["todo"] for error in wrong}
    return _row_page(draft, row, values=cells, errors=errors)


@bp.post("/<uuid:draft_id>/rows/<int:row>")
@allow(CURATORS)
@once
def mend_row(draft_id: UUID, row: int) -> Page:
    """Keep the cells of one row as they were mended."""
    draft = _draft(draft_id, lock=True)
    try:
        services.mend_row(current_uow(), draft=draft, number=row, cells=request.form, vocabulary=words.vocabulary())
    except InvalidInput as error:
        return _row_page(draft, row, values=request.form, errors=_messages(error)), 422
    flash(translate(N_("Row %(row)s is saved."), row=row), "good")
    return _to(draft)


@bp.post("/<uuid:draft_id>/rows/<int:row>/removal")
@allow(CURATORS)
@once
def remove_row(draft_id: UUID, row: int) -> Response:
    """Take one row out of the draft."""
    draft = _draft(draft_id, lock=True)
    services.remove_row(current_uow(), draft=draft, number=row)
    flash(translate(N_("Row %(row)s is taken out."), row=row), "good")
    return _to(draft)


def _draft(draft_id: UUID, *, lock: bool = False) -> PriceBookDraft:
    return queries.draft_by_id(current_uow().session, draft_id, lock=lock)


def _to(draft: PriceBookDraft) -> Response:
    return redirect(url_for(".show", draft_id=draft.id), code=303)


def _may_change(draft: PriceBookDraft) -> bool:
    uow = current_uow()
    return is_open(draft) and uow.actor.has_role(StaffRole.CURATOR) and draft.uploaded_by == who(uow)


def _page(draft: PriceBookDraft, *, values: Any, errors: dict[str, str]) -> str:
    uow = current_uow()
    found = dry_run_of(uow, draft, vocabulary=words.vocabulary())
    edition = queries.edition_by_id(uow.session, draft.edition_id) if draft.edition_id else None
    return render_template(
        "staff/price_book/draft.html",
        draft=draft,
        edition=edition,
        found=found,
        difference=found.difference,
        in_force=queries.published_edition(uow.session, uow.now),
        wrong=words.part(found.errors, "wrong", words.error_row, ".show", draft_id=draft.id),
        gaps=words.part(found.gaps, "gaps", words.gap_words, ".show", draft_id=draft.id),
        oddities=words.part(found.oddities, "oddities", words.oddity_words, ".show", draft_id=draft.id),
        changes=words.part(
            words.changes_in_order(found.difference), "changes", words.change_row, ".show", draft_id=draft.id
        ),
        unverified=sum(band.evidence == "unverified" for band in found.bands),
        names=names_of(uow.session, [draft.uploaded_by]),
        may_change=_may_change(draft),
        values=values,
        errors=errors,
    )


def _row_page(draft: PriceBookDraft, number: int | None, *, values: Any, errors: dict[str, str]) -> str:
    return render_template(
        "staff/price_book/row.html",
        draft=draft,
        number=number,
        columns=[(name, words.COLUMN_HELP[name]) for name in COLUMNS],
        codes=words.code_lists(),
        values=values,
        errors=errors,
        may_change=_may_change(draft),
    )


def _upload_page(errors: dict[str, str], wrong: Any) -> str:
    uow = current_uow()
    return render_template(
        "staff/price_book/upload.html",
        errors=errors,
        wrong=[words.error_row(error) for error in wrong[: 2 * words.ROWS_A_PAGE]],
        wrong_total=len(wrong),
        columns=words.COLUMN_HELP.items(),
        codes=words.code_lists(),
        in_force=queries.published_edition(uow.session, uow.now),
    )


def _of_known_columns(rows: list[dict[str, Any]], errors: tuple[SheetError, ...]) -> list[SheetError]:
    """Leave out the empty cells of columns that are missing: the column itself is told once."""
    known = set(rows[0]["cells"]) if rows else set()
    return [error for error in errors if error.column in known]


def _messages(error: InvalidInput) -> dict[str, str]:
    return {name: translate_error(field) for name, field in error.fields.items()}


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
