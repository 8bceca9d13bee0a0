"""What the sandbox says no with, in the shape of Stripe's errors."""

from __future__ import annotations

from typing import Any


class Refusal(Exception):
    """A request was refused; `remembered` says whether its idempotency key keeps this answer."""

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        kind: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
        remembered: bool = False,
    ) -> None:
        super().__init__(message)
        self.message, self.status, self.kind = message, status, kind
        self.code, self.param, self.remembered = code, param, remembered

    def body(self) -> dict[str, Any]:
        """Return the error as Stripe writes it, without the empty fields."""
        error = {"type": self.kind, "message": self.message, "code": self.code, "param": self.param}
        return {"error": {name: value for name, value in error.items() if value is not None}}


def missing(param: str) -> Refusal:
    """Refuse a request that lacks a parameter."""
    return Refusal(f"Missing required param: {param}.", code="parameter_missing", param=param)


def invalid(param: str, message: str, *, code: str = "parameter_invalid") -> Refusal:
    """Refuse the value of one parameter."""
    return Refusal(message, code=code, param=param)


def not_found(kind: str, object_id: str) -> Refusal:
    """Refuse the id of a thing that does not exist."""
    return Refusal(f"No such {kind}: '{object_id}'", status=404, code="resource_missing", param="id")


def wrong_state(message: str, *, code: str) -> Refusal:
    """Refuse what the state of an object does not allow; the endpoint ran, so the answer is remembered."""
    return Refusal(message, code=code, remembered=True)
