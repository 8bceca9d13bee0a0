"""The settings of one process: read once from the environment, frozen, complete or refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

from config.audit import audit_settings
from config.contradictions import SAMPLE_SECRET_KEY, wrong_keys
from config.currencies import Currencies, read_currencies
from config.limits import Limits, limit_settings
from config.parsing import Reader, SettingsError
from config.rate_sources import RateSources
from config.rates import Hosts, rate_settings
from config.retention import Retention, retention_settings
from config.text_messages import read_text_messages, wrong_text_messages
from marketplace.core.embedded_postgres import database_address

__all__ = ["Environment", "Settings", "SettingsError", "demonstration_file", "read_assignments"]

POSTGRES_SCHEMES = ("postgresql+psycopg", "postgresql", "postgres")
WEB_SCHEMES = ("http", "https")
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
MEBIBYTE = 1024 * 1024
# A fixed key for tests and development, like the secret one.
SAMPLE_FIELD_KEY = b"sample-field-key-of-32-bytes----"
REQUIRED_IN_PRODUCTION = (
    "SECRET_KEY",
    "FIELD_KEY",
    "DATABASE_URL",
    "BASE_URL",
    "MAIL_FROM",
    "SMTP_HOST",
    "STRIPE_API_KEY",
    "STRIPE_WEBHOOK_SECRET",
)
REQUIRED_IN_DEMONSTRATION = ("SECRET_KEY", "FIELD_KEY")


class Environment(StrEnum):
    """Where the program runs."""

    DEMONSTRATION = "demonstration"
    DEVELOPMENT = "development"
    TEST = "test"
    PRODUCTION = "production"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything the program takes from outside. `config/example.env` explains each by its upper-case name."""

    environment: Environment
    base_url: str
    host: str
    port: int
    sandbox_port: int
    trusted_proxies: int
    web_workers: int
    web_threads: int
    log_level: str
    # secrets stay out of `repr`, and so out of logs and error pages
    secret_key: str = field(repr=False)
    field_key: bytes = field(repr=False)
    session_hours: int
    database_url: str = field(repr=False)
    database_read_url: str | None = field(repr=False)
    redis_url: str | None = field(repr=False)
    data_dir: Path
    files_dir: Path
    mail_dir: Path
    max_upload_bytes: int
    max_image_pixels: int
    clamd_address: str | None
    mail_from: str
    smtp_host: str | None
    smtp_port: int
    smtp_user: str | None
    smtp_password: str | None = field(repr=False)
    smtp_starttls: bool
    sms_url: str | None
    sms_key: str | None = field(repr=False)
    sms_from: str
    sms_report_secret: str | None = field(repr=False)
    sms_dir: Path
    stripe_api_key: str = field(repr=False)
    stripe_webhook_secret: str = field(repr=False)
    stripe_api_base: str | None
    payment_currencies: Currencies
    platform_fee_bps: int
    second_person_threshold_minor: int
    bank_transfer_threshold_minor: int
    limits_file: Limits
    provider_country: str
    rate_fetch: bool
    rate_fetch_timeout_seconds: int
    rate_fetch_max_bytes: int
    rate_fetch_loopback: bool
    rate_hosts: Hosts
    rate_sources_file: RateSources
    audit_key_file: Path
    audit_state_file: Path
    audit_witnesses_file: Path | None
    passport_key_file: Path
    retention_file: Retention
    clock_offset_seconds: int

    @property
    def is_production(self) -> bool:
        """Say whether real people and real money are served."""
        return self.environment is Environment.PRODUCTION

    @property
    def is_demonstration(self) -> bool:
        """Say whether the invented people and the sandbox are served."""
        return self.environment is Environment.DEMONSTRATION

    @property
    def maximum_hold_days(self) -> int:
        """Return how long the payment provider lets money rest, by the country of our account."""
        return self.limits_file.of_hold(self.provider_country).days

    @property
    def embedded_database(self) -> bool:
        """Say whether the program's own PostgreSQL in `data_dir` is used."""
        return self.database_url == database_address(self.data_dir)

    @classmethod
    def from_environment(cls, mapping: Mapping[str, str]) -> Self:
        """Read every setting, or raise `SettingsError` naming all that is missing or wrong.

        In a demonstration, what `data_dir/demonstration.env` holds stands in for names that are not set.
        """
        read = Reader(_with_demonstration_values(mapping))
        environment = Environment(read.choice("ENVIRONMENT", "demonstration", allowed=tuple(Environment)))
        data_dir = Path(read.text("DATA_DIR", "var")).absolute()
        settings = cls(
            environment=environment,
            data_dir=data_dir,
            **_web(read),
            **_keys(read, environment),
            **_database(read, data_dir),
            **_files(read, data_dir),
            **_mail(read),
            **read_text_messages(read, data_dir),
            **_payments(read, environment),
            **limit_settings(read),
            **rate_settings(read, is_production=environment is Environment.PRODUCTION),
            **audit_settings(read, data_dir),
            **retention_settings(read),
            clock_offset_seconds=read.number("CLOCK_OFFSET_SECONDS", 0, at_least=-(10**9), at_most=10**9),
        )
        problems = [*_missing(read, environment), *read.problems, *_refused(settings)]
        if problems:
            raise SettingsError(problems)
        return settings


def demonstration_file(data_dir: Path) -> Path:
    """Return where the demonstration's generated secrets are kept."""
    return data_dir / "demonstration.env"


def read_assignments(path: Path) -> dict[str, str]:
    """Return the NAME=value lines of a file; nothing when there is no such file."""
    if not path.is_file():
        return {}
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {name.strip(): value.strip() for name, _, value in pairs}


def _with_demonstration_values(mapping: Mapping[str, str]) -> Mapping[str, str]:
    if mapping.get("ENVIRONMENT", "").strip() not in ("", Environment.DEMONSTRATION):
        return mapping
    kept = read_assignments(demonstration_file(Path(mapping.get("DATA_DIR", "").strip() or "var")))
    return {**kept, **{name: value for name, value in mapping.items() if value.strip()}}


def _web(read: Reader) -> dict[str, Any]:
    port = read.number("PORT", 8000, at_least=1, at_most=65535)
    return {
        "base_url": read.address("BASE_URL", f"http://localhost:{port}", schemes=WEB_SCHEMES),
        "host": read.text("HOST", "127.0.0.1"),
        "port": port,
        "sandbox_port": read.number("SANDBOX_PORT", 8100, at_least=1, at_most=65535),
        "trusted_proxies": read.number("TRUSTED_PROXIES", 0, at_least=0, at_most=5),
        "web_workers": read.number("WEB_WORKERS", 2, at_least=1, at_most=64),
        "web_threads": read.number("WEB_THREADS", 4, at_least=1, at_most=64),
        "log_level": read.choice("LOG_LEVEL", "INFO", allowed=LOG_LEVELS),
    }


def _keys(read: Reader, environment: Environment) -> dict[str, Any]:
    sample = environment in (Environment.TEST, Environment.DEVELOPMENT)
    return {
        "secret_key": read.text("SECRET_KEY", SAMPLE_SECRET_KEY if sample else ""),
        "field_key": read.key_of_32_bytes("FIELD_KEY", SAMPLE_FIELD_KEY if sample else b""),
        "session_hours": read.number("SESSION_HOURS", 12, at_least=1, at_most=24 * 30),
    }


def _database(read: Reader, data_dir: Path) -> dict[str, Any]:
    primary = read.address("DATABASE_URL", None, schemes=POSTGRES_SCHEMES)
    replica = read.address("DATABASE_READ_URL", None, schemes=POSTGRES_SCHEMES)
    return {
        "database_url": _with_driver(primary) if primary else database_address(data_dir),
        "database_read_url": _with_driver(replica) if replica else None,
        "redis_url": read.address("REDIS_URL", None, schemes=("redis", "rediss", "unix")),
    }


def _with_driver(address: str) -> str:
    """Name psycopg, because hosts hand out addresses that begin with plain postgres://."""
    return "postgresql+psycopg://" + address.partition("://")[2]


def _files(read: Reader, data_dir: Path) -> dict[str, Any]:
    return {
        "files_dir": Path(read.text("FILES_DIR", str(data_dir / "files"))).absolute(),
        "mail_dir": Path(read.text("MAIL_DIR", str(data_dir / "mail"))).absolute(),
        "max_upload_bytes": read.number("MAX_UPLOAD_BYTES", 25 * MEBIBYTE, at_least=MEBIBYTE, at_most=100 * MEBIBYTE),
        "max_image_pixels": read.number("MAX_IMAGE_PIXELS", 60_000_000, at_least=1_000_000, at_most=200_000_000),
        "clamd_address": read.address("CLAMD_ADDRESS", None, schemes=("tcp", "unix")),
    }


def _mail(read: Reader) -> dict[str, Any]:
    return {
        "mail_from": read.text("MAIL_FROM", "marketplace@localhost"),
        "smtp_host": read.optional("SMTP_HOST"),
        "smtp_port": read.number("SMTP_PORT", 587, at_least=1, at_most=65535),
        "smtp_user": read.optional("SMTP_USER"),
        "smtp_password": read.optional("SMTP_PASSWORD"),
        "smtp_starttls": read.yes_or_no("SMTP_STARTTLS", default=True),
    }


def _payments(read: Reader, environment: Environment) -> dict[str, Any]:
    sandbox = f"http://127.0.0.1:{read.text('SANDBOX_PORT', '8100')}"
    return {
        "stripe_api_key": read.text("STRIPE_API_KEY"),
        "stripe_webhook_secret": read.text("STRIPE_WEBHOOK_SECRET"),
        "stripe_api_base": read.address(
            "STRIPE_API_BASE", sandbox if environment is Environment.DEMONSTRATION else None, schemes=WEB_SCHEMES
        ),
        "payment_currencies": read_currencies(read),
        "platform_fee_bps": read.number("PLATFORM_FEE_BPS", 500, at_least=0, at_most=5_000),
        "second_person_threshold_minor": read.number(
            "SECOND_PERSON_THRESHOLD_MINOR", 500_000, at_least=0, at_most=10**12
        ),
        "bank_transfer_threshold_minor": read.number(
            "BANK_TRANSFER_THRESHOLD_MINOR", 1_000_000, at_least=0, at_most=10**12
        ),
    }


def _missing(read: Reader, environment: Environment) -> list[str]:
    required: tuple[str, ...] = ()
    if environment is Environment.PRODUCTION:
        required = REQUIRED_IN_PRODUCTION
    if environment is Environment.DEMONSTRATION:
        required = REQUIRED_IN_DEMONSTRATION
    missing = [name for name in required if not read.text(name)]
    if not missing:
        return []
    hint = " (`make run` writes them)" if environment is Environment.DEMONSTRATION else ""
    return [f"missing in {environment}: {', '.join(missing)}{hint}"]


def _refused(settings: Settings) -> list[str]:
    """Name what may not go together."""
    rules = (
        (
            settings.clock_offset_seconds and settings.environment not in (Environment.DEMONSTRATION, Environment.TEST),
            "CLOCK_OFFSET_SECONDS is for a demonstration or a test only",
        ),
        (
            settings.is_production and settings.rate_fetch_loopback,
            "RATE_FETCH_LOOPBACK is for a demonstration or a test only",
        ),
        (
            settings.is_production and settings.stripe_api_base,
            "STRIPE_API_BASE must be empty in production: the sandbox is no bank",
        ),
        (
            settings.is_production and settings.stripe_api_key.startswith("sk_test_"),
            "STRIPE_API_KEY is a test key; production needs a live one",
        ),
        (
            settings.is_production and settings.base_url.startswith("http://") and "localhost" not in settings.base_url,
            "BASE_URL must begin with https:// in production",
        ),
        *wrong_keys(settings),
        *wrong_text_messages(settings),
    )
    return [message for broken, message in rules if broken]
