"""A real Chromium, and the whole program with the quick demonstration in it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.browser.people import Market
from tests.live import ROOT, prepared

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SECONDS_TO_LOAD = 600


def chromium_path() -> str:
    """Return where Chromium is; fail with what to do when there is none."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    assert found, "no Chromium: install it, or set CHROMIUM to its path"
    return found


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=chromium_path(), args=list(ARGUMENTS))
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def market(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Market]:
    """The program as people meet it: web server, worker, payment sandbox, eight lots."""
    folder: Path = tmp_path_factory.mktemp("market")
    with prepared("browser", folder) as live:
        live.start_sandbox()
        done = subprocess.run(
            [sys.executable, "-m", "flask", "--app", "wsgi", "demo", "load", "--quick"],
            cwd=ROOT,
            env={**os.environ, **live.settings},
            capture_output=True,
            text=True,
            timeout=SECONDS_TO_LOAD,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        live.start_web()
        live.start_worker()
        yield Market(live=live, browser=chromium, app=live.app())
