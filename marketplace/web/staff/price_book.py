"""Editions of the price book: list, one edition by variety, its file, approval by a second curator."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.accounts.queries import names_of
from marketplace.audit.queries import history
from marketplace.core.actor import StaffRole
from marketplace.core.errors import InvalidInput, TransitionRefused
from marketplace.core.text import N_
from marketplace.http.access import allow, staff
from marketplace.http.context import current_uow
from marketplace.http.idempotency import once
from marketplace.http.languages import translate, translate_error
from marketplace.pricing import queries, services
from marketplace.pricing.book import Placed, compare, gaps_of, oddities_of, to_csv, to_xlsx
from marketplace.pricing.models import EditionState, PriceBookEdition
from marketplace.pricing.queries.price_book import PAGE
from marketplace.web.filters import variety
from marketplace.web.staff import price_book_words as words

bp = Blueprint("staff_price_book", __name__, url_prefix="/staff/price-book")
READERS = staff(StaffRole.CURATOR, StaffRole.AUDITOR, StaffRole.ADMINISTRATOR)
CURATORS = staff(StaffRole.CURATOR)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Page = Response | str | tuple[str, int]


@bp.get("")
@allow(READERS)
def index() -> str:
    """List editions, newest first, and the drafts that are being made."""
    uow = current_uow()
    found = queries.editions(uow.session, before=_before())
    shown = found[:PAGE]
    drafts = queries.open_drafts(uow.session)
    people = [name for each in shown for name in (each.proposed_by, each.approved_by)]
    return render_template(
        "staff/price_book/list.html",
        editions=shown,
        counts=queries.evidence_counts(uow.session, [each.id for each in shown]),
        in_force=queries.published_edition(uow.session, uow.now),
        drafts=drafts,
        names=names_of(uow.session, [*people, *(draft.uploaded_by for draft in drafts)]),
        states=words.STATES,
        tones=words.STATE_TONES,
        next_before=shown[-1].number if len(found) > PAGE else None,
    )


@bp.get("/<int:number>")
@allow(READERS)
def show(number: int) -> str:
    """Show one edition."""
    edition = _edition(number)
    return _page(edition, against=_made_against(edition))


@bp.post("/<int:number>/approval")
@allow(CURATORS)
@once
def approve(number: int) -> Page:
    """Publish a proposed edition as the second curator."""
    edition = _edition(number)
    try:
        services.approve_edition(current_uow(), edition_id=edition.id, against=_against_sent())
    except services.BookMoved as moved:
        return _page(edition, against=_in_force_number(), errors={"": translate_error(moved)}), 409
    except TransitionRefused:
        return _too_late(edition), 409
    flash(translate(N_("Edition %(number)s is in force now."), number=number), "good")
    return redirect(url_for(".show", number=number), code=303)


@bp.post("/<int:number>/declining")
@allow(CURATORS)
@once
def decline(number: int) -> Page:
    """Decline a proposed edition with a reason, or withdraw one's own."""
    edition = _edition(number)
    reason = request.form.get("reason", "")
    try:
        services.decline_edition(current_uow(), edition_id=edition.id, reason=reason)
    except InvalidInput as error:
        errors = {name: translate_error(field) for name, field in error.fields.items()}
        return _page(edition, against=_against_sent(), errors=errors, values={"reason": reason}), 422
    except TransitionRefused:
        return _too_late(edition), 409
    flash(translate(N_("Edition %(number)s is declined."), number=number), "good")
    return redirect(url_for(".show", number=number), code=303)


@bp.get("/<int:number>/book.xlsx")
@allow(READERS)
def as_xlsx(number: int) -> Response:
    """Give an edition as a workbook."""
    edition = _edition(number)
    content = to_xlsx(queries.proposals_of(current_uow().session, edition.id), words.legend())
    return _file(content, XLSX, f"price-book-{number}.xlsx")


@bp.get("/<int:number>/book.csv")
@allow(READERS)
def as_csv(number: int) -> Response:
    """Give an edition as CSV."""
    edition = _edition(number)
    content = to_csv(queries.proposals_of(current_uow().session, edition.id))
    return _file(content, "text/csv; charset=utf-8", f"price-book-{number}.csv")


def _file(content: bytes, content_type: str, name: str) -> Response:
    response = Response(content, content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _edition(number: int) -> PriceBookEdition:
    return queries.edition_by_number(current_uow().session, number)


def _too_late(edition: PriceBookEdition) -> str:
    current_uow().session.refresh(edition)
    return _page(
        edition, against=None, errors={"": translate(N_("Somebody else decided first. See below who and what."))}
    )


def _page(
    edition: PriceBookEdition, *, against: int | None, errors: dict[str, str] | None = None, values: Any = None
) -> str:
    uow = current_uow()
    in_force = queries.published_edition(uow.session, uow.now)
    bands = queries.proposals_of(uow.session, edition.id)
    now_in_force = queries.proposals_of(uow.session, in_force.id) if in_force else []
    difference = compare(now_in_force, bands)
    placed = [Placed(row, band) for row, band in enumerate(bands, start=2)]
    is_open = edition.state == EditionState.PROPOSED
    number = edition.number
    return render_template(
        "staff/price_book/edition.html",
        edition=edition,
        count=queries.evidence_counts(uow.session, [edition.id])[edition.id],
        in_force=in_force,
        made_against=_made_against(edition),
        against=against,
        difference=difference,
        changes=words.part(words.changes_in_order(difference), "changes", words.change_row, ".show", number=number),
        gaps=words.part(gaps_of(placed), "gaps", words.gap_words, ".show", number=number),
        oddities=words.part(oddities_of(placed), "oddities", words.oddity_words, ".show", number=number),
        book=_by_variety(bands, {band.key: band for band in now_in_force}, is_other=in_force not in {None, edition}),
        events=_events(edition),
        names=names_of(uow.session, [edition.proposed_by, edition.approved_by]),
        may_approve=is_open and uow.actor.has_role(StaffRole.CURATOR) and edition.proposed_by != str(uow.actor.user_id),
        may_decline=is_open and uow.actor.has_role(StaffRole.CURATOR),
        is_own=edition.proposed_by == str(uow.actor.user_id),
        states=words.STATES,
        tones=words.STATE_TONES,
        errors=errors or {},
        values=values or {},
    )


def _by_variety(bands: list[Any], in_force: dict[Any, Any], *, is_other: bool) -> dict[str, Any] | None:
    """Return the bands of the variety asked for, else of the first."""
    codes = sorted({band.variety for band in bands}, key=variety)
    if not codes:
        return None
    asked = request.args.get("variety", "")
    chosen = asked if asked in codes else codes[0]
    place = codes.index(chosen)
    rows = [words.band_row(band, in_force if is_other else None) for band in bands if band.variety == chosen]
    return {
        "rows": rows,
        "chosen": chosen,
        "choices": [(code, variety(code)) for code in codes],
        "previous": codes[place - 1] if place else None,
        "next": codes[place + 1] if place + 1 < len(codes) else None,
    }


def _events(edition: PriceBookEdition) -> dict[str, Any]:
    """Return the newest audit entry of each kind about an edition: who declined it and why stands there."""
    rows = history(current_uow().session, kind=edition.audit_type, key=str(edition.id))
    return {row.action.partition(".")[2]: row for row in rows}


def _made_against(edition: PriceBookEdition) -> int | None:
    """Return the number of the edition that was in force when this one was proposed."""
    found = queries.published_edition(current_uow().session, edition.proposed_at)
    return found.number if found is not None and found.id != edition.id else None


def _in_force_number() -> int | None:
    newest = queries.last_published(current_uow().session)
    return newest.number if newest is not None else None


def _against_sent() -> int | None:
    text = request.form.get("against", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _before() -> int | None:
    text = request.args.get("before", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
