"""What a change must say beside its body: the version it was made from, and a key that makes it safe to send again."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any, Final, TypeVar

from flask import request

from marketplace.api.problems import Refusal
from marketplace.core.text import N_
from marketplace.http.idempotency import HEADER, once

View = TypeVar("View", bound=Callable[..., Any])
_KEY: Final = re.compile(r"[\x21-\x7e]{8,100}")


class VersionMissing(Refusal):
    """The change does not say which version it was made from."""

    status = 428
    code = "precondition_required"
    message = N_("Send the ETag of what you changed in the header If-Match.")


class VersionOutdated(Refusal):
    """The thing has changed since the version named."""

    status = 412
    code = "precondition_failed"
    message = N_("This changed since the version you named. Read it again, then send your change again.")


class KeyMissing(Refusal):
    """What makes something new needs a key, so that it is made once."""

    status = 400
    code = "idempotency_key_missing"
    message = N_("Send a header Idempotency-Key of 8 to 100 visible characters.")


def etag_of(revision: int) -> str:
    """Return the ETag of a revision."""
    return f'"{revision}"'


def require_version(revision: int) -> None:
    """Raise unless the request names this revision."""
    named = request.headers.get("If-Match")
    if named is None:
        raise VersionMissing
    if etag_of(revision) not in {each.strip() for each in named.split(",")}:
        raise VersionOutdated


def keyed(view: View) -> View:
    """Do the work of a POST once for each Idempotency-Key and body."""
    repeatable = once(view)

    @wraps(view)
    def call(*args: Any, **kwargs: Any) -> Any:
        if not _KEY.fullmatch(request.headers.get(HEADER, "")):
            raise KeyMissing
        return repeatable(*args, **kwargs)

    return call  # type: ignore[return-value]
