"""Cooperatives and mine sites, made through the services."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import func, select

from marketplace.accounts.models import User
from marketplace.compliance import services
from marketplace.compliance.application import read_application
from marketplace.compliance.models import Cooperative, MineSite
from marketplace.compliance.sites import SiteAnswers, read_site
from marketplace.compliance.vocabulary import CURRENCY_OF_COUNTRY
from marketplace.core.actor import StaffRole
from marketplace.unit_of_work import UnitOfWork
from tests.builders.documents import papers_of_site
from tests.people import actor, person

PLACES = {
    "TZ": ("Manyara", "Simanjiro"),
    "KE": ("Taita-Taveta", "Mwatate"),
    "CD": ("Ituri", "Mahagi"),
    "CO": ("Chocó", "Condoto"),
    "ML": ("Kayes", "Kéniéba"),
    "SL": ("Kono", "Tankoro"),
}


def application_form(country: str = "TZ", **other: str) -> dict[str, str]:
    """Return a filled application form."""
    region, district = PLACES[country]
    return {
        "legal_name": "Mama Madini Cooperative",
        "legal_form": "cooperative",
        "registration_number": "MNY-2019-0417",
        "country": country,
        "region": region,
        "district": district,
        "founded_on": "2019-04-17",
        "members_total": "48",
        "members_women": "31",
        "is_women_led": "yes",
        "about": "We dig, sort and sell together.",
        "contact_phone": "+255 712 345 678",
        "payout_currency": CURRENCY_OF_COUNTRY[country],
        **other,
    }


def site_form(country: str = "TZ", **other: str) -> dict[str, str]:
    """Return a filled form of a mine site; its licence holds from 2024 to 2030."""
    region, district = PLACES[country]
    return {
        "name": "Block C",
        "region": region,
        "district": district,
        "latitude": "-3.5667",
        "longitude": "36.9833",
        "status": "1",
        "status_on": "2026-03-01",
        "activity": "active",
        "mercury_practice": "mercury_free",
        "right_kind": "primary_mining_licence",
        "right_number": "PML 0012345",
        "right_valid_from": "2024-01-01",
        "right_valid_to": "2030-12-31",
        "child_labour_attested_on": "2026-06-01",
        "child_labour_attested_by": "Neema Mushi",
        **other,
    }


ALL_MINERALS = ("gold", "corundum", "garnet", "spinel", "tourmaline", "zoisite", "beryl", "diamond")


def site_answers(country: str = "TZ", *, today: date, **other: str) -> SiteAnswers:
    """Return a site's answers as the form reads them."""
    return read_site(site_form(country, **other), minerals=ALL_MINERALS, today=today)


def drafted_cooperative(
    uow: UnitOfWork, country: str = "TZ", *, form: Mapping[str, str] | None = None, **site: Any
) -> tuple[Cooperative, MineSite, User]:
    """Make a cooperative with one site whose secretary has not sent its application."""
    today = uow.now.date()
    number = uow.session.scalar(select(func.count()).select_from(Cooperative)) or 0
    secretary = person(uow, f"amina {number + 1}")
    name = f"Mama Madini Cooperative {number + 1}" if number else "Mama Madini Cooperative"
    # Each has a telephone of its own: one line for two cooperatives would make them related.
    own = {"legal_name": name, "contact_phone": f"+255 712 345 {678 + number}"}
    answers = application_form(country, **{**own, **(form or {})})
    cooperative = services.apply(
        uow.acting_as(actor(uow.session, secretary)), application=read_application(answers, today=today)
    )
    as_secretary = uow.acting_as(actor(uow.session, secretary))
    row = services.add_site(as_secretary, cooperative=cooperative, site=site_answers(country, today=today, **site))
    return cooperative, row, secretary


def approved_cooperative(uow: UnitOfWork, country: str = "TZ", **other: Any) -> tuple[Cooperative, MineSite, User]:
    """Make an approved cooperative with a verified site; return it with its site and its secretary."""
    cooperative, site, secretary = drafted_cooperative(uow, country, **other)
    services.submit(uow.acting_as(actor(uow.session, secretary)), cooperative=cooperative)
    number = uow.session.scalar(select(func.count()).select_from(Cooperative)) or 0
    checker = person(uow, f"mary of pact {number}", StaffRole.MODERATOR)
    as_checker = uow.acting_as(actor(uow.session, checker))
    services.verify_site(as_checker, site=site, note="papers seen")
    services.screen(as_checker, cooperative=cooperative, lists="UN and EU lists of today")
    services.approve(as_checker, cooperative=cooperative, note="all papers seen")
    papers_of_site(uow, site, secretary)
    return cooperative, site, secretary
