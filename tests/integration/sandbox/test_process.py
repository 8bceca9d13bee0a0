"""The sandbox as a process: what it refuses, and what it remembers."""

from __future__ import annotations

import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import requests

from tests.integration.sandbox.conftest import open_checkout, provider_of
from tests.integration.sandbox.processes import Sandbox, command, environment, free_port, wait_until


def test_money_survives_a_killed_process(own_sandbox: Sandbox) -> None:
    provider = provider_of(own_sandbox)
    checkout = open_checkout(provider)
    own_sandbox.order("faults", hold=1)
    own_sandbox.pay(checkout.session_id)
    before = (provider.find_checkout(checkout.session_id), provider.balance_transactions_since(None))
    own_sandbox.kill()
    own_sandbox.start()
    after = (provider.find_checkout(checkout.session_id), provider.balance_transactions_since(None))
    assert after == before
    own_sandbox.order("release")
    wait_until(lambda: own_sandbox.deliveries()["sent"] == 4, why="the events of before arrive")
    provider.close()


def test_a_call_under_way_at_the_kill_did_not_happen(own_sandbox: Sandbox) -> None:
    own_sandbox.order("faults", slow_next=1, slow_ms=60_000)
    with ThreadPoolExecutor(1) as pool:
        calling = pool.submit(own_sandbox.call, "checkout/sessions", {"mode": "payment"}, key="cut-short")
        wait_until(lambda: own_sandbox.order("faults")["values"]["slow_next"] == 0, why="the call is under way")
        own_sandbox.kill()
        assert isinstance(calling.exception(timeout=10), requests.ConnectionError)
    own_sandbox.start()
    provider = provider_of(own_sandbox)
    assert open_checkout(provider, key="cut-short").payment_intent_id is None
    provider.close()


def run(tmp_path: Path, *, secret_key: str = "sk_test_1", **more: str) -> subprocess.CompletedProcess[str]:
    """Start a sandbox that should refuse, and wait for its end."""
    start = command(free_port(), tmp_path / "state.db", secret_key=secret_key)
    return subprocess.run(start, env=environment(**more), capture_output=True, text=True, timeout=20, check=False)


def test_production_is_refused(tmp_path: Path) -> None:
    ended = run(tmp_path, ENVIRONMENT="production")
    assert ended.returncode == 2
    assert "must not run in production" in ended.stderr
    assert not (tmp_path / "state.db").exists()


def test_a_live_key_is_refused(tmp_path: Path) -> None:
    ended = run(tmp_path, secret_key="sk_live_1")
    assert ended.returncode == 2
    assert "never takes a live key" in ended.stderr
