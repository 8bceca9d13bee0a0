"""What the API says when it refuses: RFC 9457 problems, with a pointer or a parameter for every field."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import ClassVar, Literal

from flask import g
from werkzeug.wrappers import Response

from marketplace.core.errors import DomainError, FieldError, Forbidden, InvalidInput
from marketplace.core.text import N_
from marketplace.http.access import SignInNeeded
from marketplace.http.errors import problem, status_of
from marketplace.http.languages import translate_error

Place = Literal["pointer", "parameter"]
REALM = 'Bearer realm="marketplace"'


class Refusal(DomainError):
    """A refusal that only HTTP knows; it names its own status."""

    status: ClassVar[int] = 400


class FieldsRefused(InvalidInput):
    """Fields of the body (by JSON pointer) or of the query (by name) need another value."""

    def __init__(self, fields: Mapping[str, FieldError | str], *, place: Place) -> None:
        super().__init__(fields)
        self.place = place


class TokenNeeded(SignInNeeded):
    """No valid bearer token came with the request."""

    code = "token_needed"
    message = N_("Send a valid bearer token.")


class ScopeMissing(Forbidden):
    """The token is valid and lacks the scope."""

    code = "insufficient_scope"
    message = N_("The token lacks the scope %(scope)s.")


def refused(error: Refusal) -> Response:
    """Answer a refusal of the protocol."""
    return problem(error.status, code=error.code, detail=translate_error(error))


def invalid(error: InvalidInput) -> Response:
    """Answer with every field that needs another value."""
    errors = [
        {"detail": translate_error(field), **_place(name, getattr(error, "place", "pointer"))}
        for name, field in error.fields.items()
    ]
    return problem(status_of(error), code=error.code, detail=translate_error(error), errors=errors)


def unknown_caller(error: SignInNeeded) -> Response:
    """Ask for a token; say so when the one that came is not valid (RFC 6750)."""
    response = problem(401, code=error.code, detail=translate_error(TokenNeeded()))
    suffix = ', error="invalid_token"' if g.get("token_was_sent") else ""
    response.headers["WWW-Authenticate"] = REALM + suffix
    return response


def scope_missing(error: ScopeMissing) -> Response:
    """Name the scope that is missing."""
    response = problem(403, code=error.code, detail=translate_error(error))
    response.headers["WWW-Authenticate"] = f'{REALM}, error="insufficient_scope", scope="{error.params["scope"]}"'
    return response


@contextmanager
def below(prefix: str) -> Iterator[None]:
    """Name the fields that a service refuses by their place in the body."""
    try:
        yield
    except InvalidInput as error:
        moved = FieldsRefused({f"{prefix}.{name}": field for name, field in error.fields.items()}, place="pointer")
        moved.code, moved.message = error.code, error.message
        raise moved from error


def _place(name: str, place: Place) -> dict[str, str]:
    if place == "parameter":
        return {"parameter": name.partition(".")[0]}
    parts = (part.replace("~", "~0").replace("/", "~1") for part in name.split(".") if part)
    return {"pointer": "#" + "".join(f"/{part}" for part in parts)}
