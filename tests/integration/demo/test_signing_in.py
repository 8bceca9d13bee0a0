"""Everybody on the printed list can sign in, staff with the printed code; production has no such list."""

import re
from dataclasses import replace

import click
import pytest
from sqlalchemy.orm import Session

from config.settings import Environment
from marketplace.accounts import one_time_codes, passwords
from marketplace.accounts.queries import find_user
from marketplace.accounts.services.second_factor import secret_of
from marketplace.cli.demo.loading import load
from marketplace.cli.demo.scenario import PASSWORD
from marketplace.core.clock import SystemClock
from tests.integration.demo.conftest import Loaded

pytestmark = pytest.mark.slow


def test_the_list_names_people_whose_password_fits(loaded: Loaded, session: Session) -> None:
    listed = loaded.run("demo", "people").output
    emails = set(re.findall(r"\S+@\S+example\.org", listed))

    assert PASSWORD in listed
    assert len(emails) >= 10
    for email in emails:
        user = find_user(session, email)
        assert user is not None
        assert user.email_confirmed_at is not None
        assert passwords.verify(user.password_hash, PASSWORD), email


def test_a_code_for_staff_is_the_one_her_telephone_shows(loaded: Loaded, session: Session) -> None:
    email = "grace@pact.example.org"
    user = find_user(session, email)
    assert user is not None
    secret = secret_of(user, key=loaded.app.extensions["settings"].field_key)

    code = loaded.run("demo", "code", email).output.strip()

    assert one_time_codes.matching_step(secret, code, at=SystemClock().wall()) is not None
    assert secret in loaded.run("demo", "people").output


def test_nobody_without_a_second_factor_has_a_code(loaded: Loaded) -> None:
    refused = loaded.run("demo", "code", "neema@coop.example.org")

    assert refused.exit_code == 1
    assert "no second factor" in refused.output


def test_production_refuses_to_load_and_to_tell_codes(loaded: Loaded, monkeypatch: pytest.MonkeyPatch) -> None:
    production = replace(loaded.app.extensions["settings"], environment=Environment.PRODUCTION)
    with loaded.app.app_context(), pytest.raises(click.ClickException, match="never loaded in production"):
        load(loaded.app, production, seed=1, quick=True, tell=print)

    monkeypatch.setitem(loaded.app.extensions, "settings", production)

    for arguments in (("code", "grace@pact.example.org"), ("people",), ("load", "--quick")):
        assert loaded.run("demo", *arguments).exit_code == 1
