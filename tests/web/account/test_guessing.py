"""Tries are counted in a transaction of their own: only a database without the suite's outer transaction shows it."""

from collections.abc import Iterator

import pytest
from flask import Flask

from marketplace.accounts import one_time_codes
from marketplace.http.context import make_uow
from marketplace.http.database import db
from tests import databases
from tests.builders.accounts import PASSWORD, registered, with_second_factor


@pytest.fixture
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Flask, str]]:
    """Yield an application on its own database, and the secret in alice's app."""
    with databases.copy("guessing") as url:
        app = databases.application(url, data_dir=tmp_path_factory.mktemp("guessing"))
        with app.app_context():
            uow = make_uow()
            user, _ = registered(uow)
            secret = with_second_factor(uow, user)
            registered(uow, email="carol@example.org", name="Carol")
            uow.commit()
            uow.session.close()
        yield app, secret
        with app.app_context():
            db.engine.dispose()


def test_codes_are_not_guessed_by_trying(real: tuple[Flask, str]) -> None:
    app, secret = real
    client = app.test_client()
    assert client.post("/account/sign-in", data={"email": "alice@example.org", "password": PASSWORD}).status_code == 303

    answers = [client.post("/account/second-factor", data={"code": "abc"}).status_code for _ in range(5)]
    with app.app_context():
        code = one_time_codes.current_code(secret, at=make_uow().clock.wall())
    late = client.post("/account/second-factor", data={"code": code})

    assert answers == [422] * 5
    assert (late.status_code, "Retry-After" in late.headers) == (429, True)


def test_a_new_browser_gives_no_new_tries(real: tuple[Flask, str]) -> None:
    app, _ = real
    wrong = {"email": "alice@example.org", "password": "not the password"}

    answers = [app.test_client().post("/account/sign-in", data=wrong).status_code for _ in range(11)]

    assert answers == [422] * 10 + [429]


def test_the_password_before_ones_own_data_is_not_guessed_by_trying(real: tuple[Flask, str]) -> None:
    client = real[0].test_client()
    assert client.post("/account/sign-in", data={"email": "carol@example.org", "password": PASSWORD}).status_code == 303

    answers = [client.post("/account/data", data={"password": "no"}).status_code for _ in range(5)]

    assert answers == [422] * 5
    assert client.post("/account/data", data={"password": PASSWORD}).status_code == 429
