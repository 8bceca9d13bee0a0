"""The connection to Stripe that all parts of the provider share, and its errors in our words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

import stripe
from stripe import StripeClient

from marketplace.payments.provider import ProviderRefused, ProviderUnavailable

API_VERSION: Final = "2026-10-28.endive"
TIMEOUT_SECONDS: Final = (3, 15)  # to connect, to answer
RETRIES: Final = 2

# Telemetry would write an id into the home directory.
stripe.enable_telemetry = False


class StripeConnection:
    """Speak to Stripe, or to the sandbox: only the key and the base address differ."""

    def __init__(self, api_key: str, webhook_secret: str, api_base: str | None = None) -> None:
        self._webhook_secret = webhook_secret
        self._http = stripe.RequestsClient(timeout=TIMEOUT_SECONDS)
        self._client = StripeClient(
            api_key,
            stripe_version=API_VERSION,
            base_addresses={"api": api_base.rstrip("/")} if api_base else None,
            max_network_retries=RETRIES,
            http_client=self._http,
        )

    def close(self) -> None:
        """Close the connections of this thread."""
        self._http.close()  # type: ignore[no-untyped-call]


@contextmanager
def translated(*, changes: bool) -> Iterator[None]:
    """Raise Stripe's errors in our words; only a call that changes something has an unknown outcome."""
    try:
        yield
    except stripe.RateLimitError as error:
        raise ProviderUnavailable(outcome_unknown=False) from error
    except (stripe.APIConnectionError, stripe.APIError) as error:
        raise ProviderUnavailable(outcome_unknown=changes) from error
    except stripe.StripeError as error:
        reason = error.code or (error.error.type if error.error else None) or type(error).__name__
        raise ProviderRefused(str(reason), error.user_message or "") from error


def id_of(reference: Any) -> str | None:
    """Return the id of a field that holds an id or the whole object."""
    return reference if reference is None or isinstance(reference, str) else str(reference.id)


def reference_of(metadata: Any) -> str | None:
    """Return our own reference, which foreign objects on the account do not carry."""
    return metadata.to_dict().get("order_reference") if metadata is not None else None


def moment(seconds: int) -> datetime:
    """Return the time of Stripe's seconds."""
    return datetime.fromtimestamp(seconds, tz=UTC)


def rate_of(number: object) -> Decimal | None:
    """Return the provider's rate exactly as it wrote it."""
    return None if number is None else Decimal(str(number))
