"""The settings: read once, complete, or refused with everything that is wrong."""

import base64
from dataclasses import FrozenInstanceError, fields
from pathlib import Path
from typing import get_type_hints

import pytest

from config.settings import REQUIRED_IN_PRODUCTION, Environment, Settings, SettingsError, demonstration_file
from marketplace.core.embedded_postgres import database_address

FIELD_KEY = base64.b64encode(bytes(range(32))).decode()
PRODUCTION = {
    "ENVIRONMENT": "production",
    "SECRET_KEY": "k" * 40,
    "FIELD_KEY": FIELD_KEY,
    "DATABASE_URL": "postgres://app:secret@db.example/marketplace",
    "BASE_URL": "https://market.example/",
    "MAIL_FROM": "market@example.org",
    "SMTP_HOST": "mail.example",
    "STRIPE_API_KEY": "sk_live_1",
    "STRIPE_WEBHOOK_SECRET": "whsec_1",
}


def refusal(**environment: str) -> str:
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment(environment)
    return str(caught.value)


def test_production_starts_with_everything_it_needs() -> None:
    settings = Settings.from_environment(PRODUCTION)

    assert settings.is_production
    assert settings.field_key == bytes(range(32))
    assert settings.base_url == "https://market.example"
    assert settings.database_url == "postgresql+psycopg://app:secret@db.example/marketplace"
    assert not settings.embedded_database


def test_production_names_all_that_is_missing_in_one_error() -> None:
    message = refusal(ENVIRONMENT="production")

    assert [name for name in REQUIRED_IN_PRODUCTION if name not in message] == []


@pytest.mark.parametrize("missing", REQUIRED_IN_PRODUCTION)
def test_production_refuses_to_start_without_each_required_setting(missing: str) -> None:
    assert missing in refusal(**{name: value for name, value in PRODUCTION.items() if name != missing})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("STRIPE_API_BASE", "http://127.0.0.1:8100"),
        ("STRIPE_API_KEY", "sk_test_1"),
        ("CLOCK_OFFSET_SECONDS", "-60"),
        ("BASE_URL", "http://market.example"),
        ("SMS_URL", "http://gateway.example"),
        ("SMS_KEY", ""),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "a-sample-secret-key-for-tests-and-development-only"),
    ],
)
def test_production_refuses_what_belongs_to_a_demonstration(name: str, value: str) -> None:
    gateway = {"SMS_URL": "https://gateway.example", "SMS_KEY": "k3y"}
    assert Settings.from_environment({**PRODUCTION, **gateway}).sms_url == "https://gateway.example"
    assert name in refusal(**{**PRODUCTION, **gateway, name: value})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ENVIRONMENT", "staging"),
        ("PORT", "eighty"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("WEB_WORKERS", "0"),
        ("LOG_LEVEL", "LOUD"),
        ("SMTP_STARTTLS", "perhaps"),
        ("SMS_URL", "gateway.example"),
        ("SMS_FROM", "A name far too long"),
        ("DATABASE_URL", "mysql://db/marketplace"),
        ("REDIS_URL", "http://redis"),
        ("FIELD_KEY", "c2hvcnQ="),
        ("FIELD_KEY", "not base64!"),
    ],
)
def test_a_value_that_cannot_be_used_is_named(name: str, value: str) -> None:
    assert name in refusal(**{"ENVIRONMENT": "test", name: value})


def test_several_problems_are_told_at_once() -> None:
    message = refusal(ENVIRONMENT="test", PORT="x", WEB_THREADS="y")

    assert "PORT" in message
    assert "WEB_THREADS" in message


def test_an_error_never_repeats_a_secret() -> None:
    assert "bXkgc2VjcmV0" not in refusal(ENVIRONMENT="test", FIELD_KEY="bXkgc2VjcmV0")


def test_printed_settings_show_no_secret() -> None:
    printed = repr(Settings.from_environment({**PRODUCTION, "SMS_KEY": "k3y-of-the-gateway"}))

    for secret in ("k" * 40, "k3y-of-the-gateway", "secret@", "sk_live_1", "whsec_1"):
        assert secret not in printed


def test_settings_cannot_change_after_the_start() -> None:
    settings = Settings.from_environment({"ENVIRONMENT": "test"})

    with pytest.raises(FrozenInstanceError):
        settings.port = 1  # type: ignore[misc]


@pytest.mark.parametrize("environment", [PRODUCTION, {"ENVIRONMENT": "test"}])
def test_every_field_holds_its_declared_type(environment: dict[str, str]) -> None:
    settings = Settings.from_environment(environment)
    hints = get_type_hints(Settings)

    wrong = [
        field.name for field in fields(settings) if not isinstance(getattr(settings, field.name), hints[field.name])
    ]
    assert wrong == []


def test_without_a_database_address_the_embedded_one_is_used(tmp_path: Path) -> None:
    settings = Settings.from_environment({"ENVIRONMENT": "test", "DATA_DIR": str(tmp_path)})

    assert settings.embedded_database
    assert settings.database_url == database_address(tmp_path)


def test_a_demonstration_reads_the_values_kept_in_its_data_directory(tmp_path: Path) -> None:
    demonstration_file(tmp_path).write_text(
        f"# made\nSECRET_KEY=kept\nFIELD_KEY={FIELD_KEY}\nCLOCK_OFFSET_SECONDS=-5\n"
    )

    settings = Settings.from_environment(
        {"DATA_DIR": str(tmp_path), "CLOCK_OFFSET_SECONDS": "-9", "SANDBOX_PORT": "8200"}
    )

    assert settings.environment is Environment.DEMONSTRATION
    assert settings.secret_key == "kept"
    assert settings.clock_offset_seconds == -9, "what is set wins over what is kept"
    assert settings.stripe_api_base == "http://127.0.0.1:8200"


def test_production_never_reads_a_demonstration_left_in_its_data_directory(tmp_path: Path) -> None:
    demonstration_file(tmp_path).write_text("SECRET_KEY=kept\n")

    assert "SECRET_KEY" in refusal(
        **{name: value for name, value in PRODUCTION.items() if name != "SECRET_KEY"}, DATA_DIR=str(tmp_path)
    )


def test_a_demonstration_that_was_never_set_up_says_what_writes_its_keys(tmp_path: Path) -> None:
    assert "make run" in refusal(DATA_DIR=str(tmp_path))
