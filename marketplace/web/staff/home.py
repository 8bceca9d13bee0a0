"""The start of the staff pages: what each role finds where."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from flask import Blueprint, current_app, render_template

from marketplace.core.actor import StaffRole
from marketplace.core.text import N_
from marketplace.http.access import Rule, allow, staff
from marketplace.http.context import current_viewer

bp = Blueprint("staff_home", __name__, url_prefix="/staff")


class Place(NamedTuple):
    """One page of the staff and what it is for."""

    path: str
    label: str
    hint: str


class Group(NamedTuple):
    """Pages that belong together."""

    label: str
    places: tuple[Place, ...]


GROUPS: Final = (
    Group(
        N_("Review"),
        (
            Place("/staff/moderation", N_("Queue"), N_("Lots and applications that wait for a decision.")),
            Place("/staff/applications", N_("Applications"), N_("Cooperatives that want to come in, or to stay.")),
            Place("/staff/visits", N_("Visits"), N_("Which mine sites are seen next, and what was seen.")),
            Place("/staff/application-appeals", N_("Appeals about applications"), N_("Refused ones that object.")),
            Place("/staff/appeals", N_("Appeals"), N_("What cooperatives say against a decision.")),
            Place("/staff/blind-reviews", N_("Looking again"), N_("Approvals drawn by chance, to be looked at blind.")),
            Place("/staff/cooperatives", N_("Cooperatives"), N_("Members, mine sites, screening, suspension.")),
            Place("/staff/documents", N_("Documents"), N_("Papers of cooperatives that wait to be read.")),
            Place("/staff/lot-checks", N_("Checks of lots"), N_("Independent checks that buyers asked for.")),
            Place("/staff/tags", N_("Tags"), N_("Numbers of bags: who has them, and which are gone.")),
        ),
    ),
    Group(
        N_("Money"),
        (
            Place("/staff/finance", N_("Finance"), N_("Payouts, refunds, and what the bank told.")),
            Place("/staff/finance/chargebacks", N_("Chargebacks"), N_("Payments that a buyer’s bank takes back.")),
            Place("/staff/finance/recipients", N_("Paid through Stripe"), N_("Who has an account there, and how far.")),
            Place("/staff/finance/reports", N_("Daily reports"), N_("Ledger, provider and bank, day by day.")),
            Place("/staff/finance/currencies", N_("Currencies"), N_("Open positions, gains and losses.")),
            Place("/staff/payouts", N_("Payouts"), N_("Prepare and approve what cooperatives are paid.")),
            Place("/staff/ledger", N_("Ledger"), N_("Trial balance and journals.")),
            Place("/staff/papers", N_("Papers"), N_("Invoices, receipts, credit notes and payout statements.")),
        ),
    ),
    Group(
        N_("Orders"),
        (
            Place("/staff/orders", N_("Orders"), N_("Every order and where its money is.")),
            Place("/staff/offers", N_("Offers"), N_("What buyers and cooperatives offered each other.")),
            Place(
                "/staff/orders?flag=held",
                N_("Disputes"),
                N_("Problems that were reported, and where both sides stand."),
            ),
            Place("/staff/orders?state=at_verification", N_("Independent check"), N_("Parcels at the verifier.")),
            Place("/staff/holds", N_("Long holds"), N_("Payments that must end soon.")),
        ),
    ),
    Group(
        N_("Compliance"),
        (
            Place(
                "/staff/limits",
                N_("Limits of buyers"),
                N_("Who is near the limit, and who asked for more."),
            ),
            Place("/staff/screening", N_("Screening"), N_("Names that look like names on sanctions lists.")),
            Place("/staff/screening/lists", N_("Sanctions lists"), N_("Which are in force, and how old they are.")),
            Place("/staff/incidents", N_("Incidents"), N_("What went wrong at a mine, and how it is put right.")),
            Place("/staff/incident-reports", N_("Reports from outside"), N_("What strangers told us. Protect them.")),
            Place("/staff/conflict-areas", N_("Areas of conflict"), N_("The list, its date, and the sites in it.")),
            Place("/staff/checks", N_("Compliance holds"), N_("Orders that are stopped because of a doubt.")),
            Place("/staff/closures", N_("Force majeure"), N_("Regions where nobody can act, and until when.")),
        ),
    ),
    Group(
        N_("Prices"),
        (
            Place("/staff/prices", N_("Prices"), N_("Reference rates, charges and price books.")),
            Place("/staff/rates", N_("Reference rates"), N_("Rates by day, and those held back.")),
            Place("/staff/charges", N_("Charges"), N_("What countries take, and what standards promise.")),
            Place("/staff/price-book", N_("Price book"), N_("Editions proposed and approved.")),
            Place("/staff/fairness", N_("Fairness"), N_("What reached the cooperatives, sale by sale and together.")),
        ),
    ),
    Group(
        N_("People and records"),
        (
            Place("/staff/monitoring", N_("Monitoring"), N_("18 indicators of the programme, with plots and files.")),
            Place(
                "/staff/monitoring/annual", N_("Due diligence report"), N_("The five steps of the OECD, year by year.")
            ),
            Place(
                "/staff/monitoring/moderation", N_("Quality of moderation"), N_("How fast, and how often overturned.")
            ),
            Place("/staff/passports", N_("Passports"), N_("Passports of lots, revoking, labels for bags.")),
            Place("/staff/people", N_("People"), N_("Accounts, roles and buyers’ levels.")),
            Place("/staff/outbox", N_("Letters"), N_("What was written to whom, and whether it was sent.")),
            Place("/staff/audit", N_("Audit log"), N_("Every change, and the check that none was altered.")),
        ),
    ),
)


@bp.get("")
@allow(staff())
def start() -> str:
    """Show the pages this person may open."""
    viewer = current_viewer()
    roles = viewer.staff_roles if viewer else frozenset()
    return render_template("staff/home.html", groups=groups_for(roles), roles=sorted(roles))


def groups_for(roles: frozenset[StaffRole]) -> list[Group]:
    """Return the pages that exist and that one of the roles opens."""
    open_paths = _paths_open_to(roles)
    kept = [
        Group(group.label, tuple(each for each in group.places if each.path.partition("?")[0] in open_paths))
        for group in GROUPS
    ]
    return [group for group in kept if group.places]


def _paths_open_to(roles: frozenset[StaffRole]) -> set[str]:
    rules: Mapping[str, Any] = current_app.extensions["access_rules"]
    return {
        rule.rule
        for rule in current_app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
        and isinstance(declared := rules.get(rule.endpoint), Rule)
        and declared.staff & roles
    }
