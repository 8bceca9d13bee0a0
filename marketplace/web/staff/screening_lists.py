"""Sanctions lists as staff keep them: which are in force, how old they are, and a new edition."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.core.actor import StaffRole
from marketplace.core.errors import Conflict, InvalidInput
from marketplace.core.text import N_
from marketplace.http.access import allow, staff
from marketplace.http.context import current_uow, settings
from marketplace.http.languages import translate as _
from marketplace.http.languages import translate_error
from marketplace.screening.entries import LARGEST_BYTES, LIST_NAMES, ListKind
from marketplace.screening.services.importing import EditionShrunk, import_list
from marketplace.screening.standing import editions, list_ages
from marketplace.web.account.places import field_errors

bp = Blueprint("staff_screening_lists", __name__, url_prefix="/staff/screening/lists")
READERS = staff(StaffRole.MODERATOR, StaffRole.AUDITOR)
FRESH_MODERATORS = staff(StaffRole.MODERATOR, fresh=True)
Page = Response | str | tuple[str, int]
FORMATS: Final = {
    ListKind.OFAC: N_("SDN.XML, or SDN.CSV, ADD.CSV and ALT.CSV in one ZIP"),
    ListKind.UN: N_("The consolidated list in XML"),
    ListKind.EU: N_("The consolidated list in XML (1.1)"),
    ListKind.UK: N_("The UK sanctions list in XML or CSV"),
}


@bp.get("")
@allow(READERS)
def index() -> str:
    """Show the lists in force with their ages, and every edition before."""
    return _page(values={}, errors={})


@bp.post("")
@allow(FRESH_MODERATORS)
def add() -> Page:
    """Import an edition; a cut or malformed file changes nothing."""
    try:
        kind, published_on = _kind(), _day()
        file = request.files.get("file")
        raw = file.read(LARGEST_BYTES + 1) if file else b""
        if file is None or not raw:
            raise InvalidInput({"file": N_("Choose the file of the list.")})
        row = import_list(
            current_uow(),
            kind=kind,
            raw=raw,
            file_name=file.filename or "",
            published_on=published_on,
            is_whole=request.form.get("is_whole") == "yes",
        )
    except InvalidInput as error:
        return _page(values=request.form, errors=field_errors(error)), 422
    except Conflict as error:
        told = {"file": translate_error(error)}
        return _page(values=request.form, errors=told, is_short=isinstance(error, EditionShrunk)), 422
    flash(
        _(N_("The list is in force. Its entries: %(number)s. All names are compared now."), number=row.entries), "good"
    )
    return redirect(url_for(".index"), code=303)


def _kind() -> ListKind:
    typed = request.form.get("list", "")
    if typed not in set(ListKind):
        raise InvalidInput({"list": N_("Choose the list.")})
    return ListKind(typed)


def _day() -> date | None:
    typed = request.form.get("published_on", "").strip()
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError:
        message = N_("Enter the day as year-month-day, such as 2026-09-29.")
        raise InvalidInput({"published_on": message}) from None


def _page(*, values: Mapping[str, str], errors: Mapping[str, str], is_short: bool = False) -> str:
    uow = current_uow()
    return render_template(
        "staff/screening/lists.html",
        ages=list_ages(uow.session, settings=settings(), today=uow.now.date()),
        editions=editions(uow.session),
        names={kind.value: words for kind, words in LIST_NAMES.items()},
        formats={kind.value: words for kind, words in FORMATS.items()},
        most_days=settings().screening_list_days,
        may_import=uow.actor.has_role(StaffRole.MODERATOR),
        is_short=is_short,
        values=values,
        errors=errors,
    )
