"""Expect a refusal with its code, and its whole sentence where the test cares."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from marketplace.audit.tlog.errors import DoesNotHold, Malformed, TlogError


@contextmanager
def malformed(code: str, message: str | None = None) -> Iterator[None]:
    with _refused(Malformed, code, message):
        yield


@contextmanager
def does_not_hold(code: str, message: str | None = None) -> Iterator[None]:
    with _refused(DoesNotHold, code, message):
        yield


@contextmanager
def _refused(kind: type[TlogError], code: str, message: str | None) -> Iterator[None]:
    with pytest.raises(TlogError) as caught:
        yield
    assert type(caught.value) is kind
    assert caught.value.code == code
    assert caught.value.message == str(caught.value)
    if message is not None:
        assert caught.value.message == message
