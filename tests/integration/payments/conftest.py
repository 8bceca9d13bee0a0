"""A shop whose payments go to a real sandbox process."""

from collections.abc import Iterator

import pytest
from flask import Flask

from marketplace.unit_of_work import UnitOfWork
from tests.integration.payments.shop import Shop
from tests.integration.sandbox.conftest import (  # fixtures of the sandbox, shared
    own_sandbox,
    provider_of,
    receiver,
    sandbox,
    shared_receiver,
    shared_sandbox,
)
from tests.integration.sandbox.processes import Receiver, Sandbox, wait_until

__all__ = ["own_sandbox", "receiver", "sandbox", "shared_receiver", "shared_sandbox"]


@pytest.fixture
def shop(app: Flask, uow: UnitOfWork, sandbox: Sandbox, receiver: Receiver) -> Iterator[Shop]:
    """The shop, knowing nothing of what other tests paid."""
    before, provider = app.extensions["payment_provider"], provider_of(sandbox)
    app.extensions["payment_provider"] = provider
    shop = Shop(app, uow, sandbox, receiver)
    shop.forget_the_past()
    yield shop
    app.extensions["payment_provider"] = before
    provider.close()


@pytest.fixture
def own_shop(app: Flask, uow: UnitOfWork, own_sandbox: Sandbox, shared_receiver: Receiver) -> Iterator[Shop]:
    """A shop with a provider of its own, whose balance nobody else moves."""
    before, provider = app.extensions["payment_provider"], provider_of(own_sandbox)
    app.extensions["payment_provider"] = provider
    shared_receiver.deliveries.clear()
    shop = Shop(app, uow, own_sandbox, shared_receiver)
    shop.forget_the_past()
    yield shop
    wait_until(lambda: own_sandbox.deliveries()["waiting"] == 0, why="the webhooks arrive")
    shared_receiver.deliveries.clear()
    app.extensions["payment_provider"] = before
    provider.close()
