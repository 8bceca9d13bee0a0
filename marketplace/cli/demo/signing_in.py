"""Who to sign in as: one line for each role, and the one-time code of a member of the staff."""

from typing import Final, NamedTuple

import click

from marketplace.accounts import one_time_codes
from marketplace.accounts.models import User
from marketplace.accounts.queries import find_user
from marketplace.accounts.services.second_factor import secret_of
from marketplace.cli.demo.scenario import PASSWORD, email_of
from marketplace.unit_of_work import UnitOfWork

ISSUER: Final = "Marketplace demonstration"


class Shown(NamedTuple):
    """A person on the list."""

    what: str
    kind: str
    key: str


PEOPLE: Final = (
    Shown("Secretary of a cooperative in Tanzania", "officer", "neema"),
    Shown("Signatory of the same cooperative", "officer", "esther"),
    Shown("Secretary of a cooperative in Mali", "officer", "fatoumata"),
    Shown("Secretary of an association in Colombia", "officer", "yaneth"),
    Shown("Buyer, may buy anything", "buyer", "katrin"),
    Shown("Buyer, may buy stones up to US$10,000", "buyer", "emily"),
    Shown("Buyer, pays gold by its assay", "buyer", "laurent"),
    Shown("Buyer, pays by bank transfer", "buyer", "farid"),
    Shown("Buyer, sends a stone back", "buyer", "oliver"),
    Shown("Buyer, may hold and make offers only", "buyer", "priya"),
    Shown("Moderator", "staff", "grace"),
    Shown("Moderator, the other one", "staff", "samuel"),
    Shown("Moderator, the second person", "staff", "tumaini"),
    Shown("Verifier", "staff", "vivian"),
    Shown("Finance", "staff", "ingrid"),
    Shown("Finance, the second person", "staff", "joseph"),
    Shown("Price curator", "staff", "daniel"),
    Shown("Auditor", "staff", "helene"),
    Shown("Administrator", "staff", "thomas"),
)


def list_of_people(uow: UnitOfWork) -> str:
    """Return the list; raise ClickException before the demonstration is loaded, and in production."""
    _refuse_production(uow)
    found = [(shown, find_user(uow.session, email_of(shown.kind, shown.key))) for shown in PEOPLE]
    rows = [(shown, user) for shown, user in found if user is not None]
    if not rows:
        raise click.ClickException("The demonstration is not loaded. `make run` loads it.")
    lines = [f"Sign in as one of these; the password of everybody is {PASSWORD}", ""]
    lines += [f"  {shown.what:<40} {user.email}" for shown, user in rows]
    lines += [
        "",
        "Staff also need a one-time code: .venv/bin/flask --app wsgi demo code grace@pact.example.org",
        "or an authenticator app with the key:",
        "",
    ]
    lines += [f"  {user.email:<32} {_secret(uow, user)}" for shown, user in rows if shown.kind == "staff"]
    return "\n".join(lines)


def code_of(uow: UnitOfWork, email: str) -> str:
    """Return the code of now; raise ClickException for somebody without a second factor, and in production."""
    _refuse_production(uow)
    user = find_user(uow.session, email.strip().lower())
    if user is None or user.totp_secret_sealed is None:
        raise click.ClickException(f"{email} has no second factor here.")
    return one_time_codes.current_code(_secret(uow, user), at=uow.clock.wall())


def _refuse_production(uow: UnitOfWork) -> None:
    if uow.settings.is_production:
        raise click.ClickException("Production has no demonstration's people and tells nobody's codes.")


def _secret(uow: UnitOfWork, user: User) -> str:
    return secret_of(user, key=uow.settings.field_key)
