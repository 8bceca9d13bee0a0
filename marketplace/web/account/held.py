"""What we hold about you: a page, and files to take along, after the password or a code was given again."""

from collections.abc import Sequence
from typing import Final

from flask import Blueprint, render_template, request, send_file
from werkzeug.wrappers import Response

from marketplace.accounts import queries
from marketplace.accounts.models import User
from marketplace.accounts.services import throttle
from marketplace.accounts.services.change_password import require_password
from marketplace.core.errors import InvalidInput
from marketplace.core.text import N_
from marketplace.http.access import SIGNED_IN, allow, check
from marketplace.http.context import current_uow, separately
from marketplace.http.languages import translate as _
from marketplace.http.limits import limiter
from marketplace.privacy.collecting import Section, collect
from marketplace.privacy.holdings import Owner
from marketplace.privacy.packing import as_zip, explanation, shown
from marketplace.privacy.register import HOLDINGS
from marketplace.web.account.places import FRESH, Page, field_errors, viewer_here

bp = Blueprint("account_held", __name__, url_prefix="/account/data")
# Of a long section the page shows the beginning; the files have it whole.
MOST_SHOWN: Final = 50
EXPLANATION: Final = (
    N_("This is what the marketplace holds about you."),
    N_("Each kind is in two files: JSON for programs, CSV for spreadsheets."),
    N_("Times are in UTC. Amounts are in the smallest unit of the currency, weights in milligrams."),
    N_("In CSV files, an apostrophe stands before a text that a spreadsheet could take for a formula."),
    N_("Secrets, other people's data and checks against money laundering are left out."),
)


@bp.get("")
@allow(SIGNED_IN)
def show() -> Page:
    """Say what is held, and ask for the password before anything of it is shown."""
    return _page(errors={})


@bp.post("")
@allow(SIGNED_IN)
@limiter.limit("20 per hour")
def take() -> Page | Response:
    """Show or send all that is held about the person who asks; it is noted that she did."""
    uow = current_uow()
    user = queries.user_by_id(uow.session, viewer_here().user_id)
    try:
        _ask_again(user)
    except InvalidInput as error:
        return _page(errors=field_errors(error)), 422
    is_page = request.form.get("form") == "page"
    uow.record("privacy.export", user, form="page" if is_page else "files")
    buyer = queries.find_buyer(uow.session, user.id)
    sections = collect(uow.session, Owner(user.id, user.email, buyer.id if buyer else None))
    if is_page:
        return render_template("account/held_shown.html", sections=sections, most=MOST_SHOWN, text=shown)
    return _files(sections)


def _ask_again(user: User) -> None:
    """Want a fresh code from a person with a second factor, the password from everybody else; raise what is missing."""
    viewer, uow = viewer_here(), current_uow()
    if viewer.has_second_factor:
        check(FRESH, viewer, now=uow.now)
        return
    tries = (throttle.CODE, f"data:{user.id}")
    with separately() as counting:
        throttle.begin(counting, tries)
    require_password(user, request.form.get("password", "")[:1000], field="password")
    throttle.succeed(uow, tries)


def _files(sections: Sequence[Section]) -> Response:
    now = current_uow().now
    words = explanation(sections, say=_, lines=[_(line) for line in EXPLANATION])
    file = as_zip(sections, explanation=words, at=now)
    name = f"my-data-{now.date().isoformat()}.zip"
    return send_file(file, mimetype="application/zip", as_attachment=True, download_name=name, max_age=0)


def _page(*, errors: dict[str, str]) -> str:
    kinds = [holding.title for holding in HOLDINGS]
    return render_template("account/held.html", kinds=kinds, values={}, errors=errors)
