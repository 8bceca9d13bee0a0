"""What settings may not say, or not together: each rule with the words for who has to mend it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from config.settings import Settings

# A fixed key, so that a test or a developer's process needs no set-up. Production refuses to start with it.
SAMPLE_SECRET_KEY: Final = "a-sample-secret-key-for-tests-and-development-only"  # noqa: S105 (never used in production)


def wrong_keys(settings: Settings) -> tuple[tuple[object, str], ...]:
    """Return what is wrong with the secret keys of production."""
    return (
        (
            settings.is_production and 0 < len(settings.secret_key) < 32,
            "SECRET_KEY must be at least 32 characters long in production",
        ),
        (
            settings.is_production and settings.secret_key == SAMPLE_SECRET_KEY,
            "SECRET_KEY is the published sample",
        ),
    )
