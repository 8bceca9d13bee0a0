"""What each country takes of a sale: every charge with its rate, base and source, counted or not, and why."""

from flask import Blueprint, render_template, request

from marketplace.http.access import PUBLIC, allow
from marketplace.http.context import current_uow
from marketplace.http.languages import translate as _
from marketplace.pricing import queries
from marketplace.web.charge_rows import charge_row, standard_row
from marketplace.web.filters import country

bp = Blueprint("charges", __name__)


@bp.get("/prices/charges")
@allow(PUBLIC)
def index() -> str:
    """Show the charges of one country at a time, so that the page stays light; names of staff stay inside."""
    session = current_uow().session
    codes = [each.country for each in queries.countries_with_charges(session) if each.in_force]
    asked = request.args.get("country", "")
    chosen = asked if asked in codes else next(iter(codes), "")
    rules, standards = queries.country_rules(session, chosen), queries.standards(session)
    verifiers = [*(rule.verified_by for rule in rules), *(each.verified_by for each in standards)]
    pact = {key: _("Pact staff") for key in verifiers if key}
    return render_template(
        "public/charges.html",
        countries=sorted(((code, country(code)) for code in codes), key=lambda pair: pair[1]),
        chosen=chosen,
        name=country(chosen),
        is_unknown=bool(asked) and asked not in codes,
        charges=[charge_row(rule, pact) for rule in rules],
        standards=[standard_row(each, pact) for each in standards],
    )
