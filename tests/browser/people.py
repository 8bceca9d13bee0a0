"""People with a browser: they sign in, follow links, fill forms in and read what the page says."""

import os
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyotp
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, expect

from marketplace.accounts.models import User
from marketplace.accounts.queries import find_user
from marketplace.accounts.services.second_factor import secret_of
from marketplace.cli.demo.scenario import PASSWORD, email_of
from marketplace.http.context import make_uow
from tests.live import Live

PHONE = {"width": 360, "height": 640}
DESK = {"width": 1280, "height": 900}
# The machine may be busy with the other tests.
PATIENCE_MS = 30_000
STEP_SECONDS = 30


@dataclass
class Market:
    """The running program and who is signed in to it."""

    live: Live
    browser: Browser
    app: Flask
    sessions: dict[str, StorageState] = field(default_factory=dict)

    def visitor(self, *, scripts: bool = True, size: Mapping[str, int] = PHONE) -> "Visitor":
        """Return somebody with a browser who is not signed in."""
        return Visitor(self, self._context(scripts=scripts, size=size, state=None), scripts=scripts)

    def person(self, kind: str, key: str, *, scripts: bool = True, size: Mapping[str, int] = PHONE) -> "Visitor":
        """Return a person of the demonstration, signed in; once signed in she stays so."""
        if key not in self.sessions:
            self._sign_in(kind, key)
        return Visitor(self, self._context(scripts=scripts, size=size, state=self.sessions[key]), scripts=scripts)

    def code_for(self, email: str) -> str:
        """Return a one-time code that was not used yet, waiting for the next when need be."""
        with self.app.app_context():
            uow = make_uow()
            user = find_user(uow.session, email)
            assert isinstance(user, User)
            secret, last = secret_of(user, key=uow.settings.field_key), user.totp_last_step or 0
            uow.rollback()
        while (step := max(int(time.time()) // STEP_SECONDS, last + 1)) > int(time.time()) // STEP_SECONDS + 1:
            time.sleep(1)
        return pyotp.TOTP(secret).generate_otp(step)

    def _sign_in(self, kind: str, key: str) -> None:
        visitor = self.visitor()
        visitor.go("/account/sign-in")
        visitor.fill(email=email_of(kind, key), password=PASSWORD)
        visitor.press_first('form[action$="/account/sign-in"] button')
        if kind == "staff":
            visitor.fill(code=self.code_for(email_of(kind, key)))
            visitor.press_first('form[action$="/account/second-factor"] button')
        expect(visitor.page).not_to_have_url(re.compile("sign-in|second-factor"))
        self.sessions[key] = visitor.context.storage_state()
        visitor.leave()

    def _context(self, *, scripts: bool, size: Mapping[str, int], state: StorageState | None) -> BrowserContext:
        context = self.browser.new_context(
            base_url=self.live.url,
            java_script_enabled=scripts,
            viewport={"width": size["width"], "height": size["height"]},
            storage_state=state,
            locale="en-GB",
        )
        context.set_default_timeout(PATIENCE_MS)
        return context


@dataclass
class Visitor:
    """Somebody in front of a page. Every page she comes to must fit its width."""

    market: Market
    context: BrowserContext
    scripts: bool
    page: Page = field(init=False)
    errors: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def __enter__(self) -> "Visitor":
        return self

    def __exit__(self, *_: object) -> None:
        self.leave()

    def leave(self) -> None:
        """Close the browser window."""
        self.context.close()

    def go(self, path: str) -> None:
        """Open a page of ours."""
        answer = self.page.goto(path)
        assert answer is not None
        assert answer.status < 400, f"{path} answered {answer.status}"
        self.look()

    def follow(self, name: str | re.Pattern[str]) -> None:
        """Follow a link by its words."""
        self.page.get_by_role("link", name=name).first.click()
        self.look()

    def press(self, name: str | re.Pattern[str]) -> None:
        """Press a button by its words."""
        self.page.get_by_role("button", name=name).first.click()
        self.look()

    def press_first(self, selector: str) -> None:
        """Press a button whose words are in another language."""
        self.page.locator(selector).first.click()
        self.page.wait_for_load_state()

    def fill(self, **answers: str) -> None:
        """Type or choose answers by the names of their fields."""
        for name, answer in answers.items():
            control = self.page.locator(f"#f-{name}")
            if control.evaluate("element => element.tagName") == "SELECT":
                control.select_option(answer)
            else:
                control.fill(answer)

    def choose(self, name: str, value: str) -> None:
        """Choose a card, or tick a box, by the field's name and value."""
        self.page.locator(f'label:has(input[name="{name}"][value="{value}"])').first.click()

    def sees(self, words: str | re.Pattern[str]) -> None:
        """Wait until the words stand on the page."""
        expect(self.page.get_by_text(words).first).to_be_visible(timeout=PATIENCE_MS)

    def sees_title(self, words: str | re.Pattern[str]) -> None:
        """Wait until the page's heading says so."""
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(words, timeout=PATIENCE_MS)

    def sees_after_a_while(self, words: str | re.Pattern[str]) -> None:
        """Load the page again until the words stand there: another process has work to do."""
        give_up = time.monotonic() + PATIENCE_MS / 1000
        while not self.page.get_by_text(words).first.is_visible():
            assert time.monotonic() < give_up, f"{words!r} never came:\n{self.page.inner_text('main')}"
            time.sleep(0.3)
            self.page.goto(self.page.url)

    def look(self) -> None:
        """Check what must hold on every page: it fits, and no script failed."""
        self.page.wait_for_load_state()
        measured: list[int] = self.page.evaluate(
            "() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]"
        )
        assert measured[0] <= measured[1], f"{self.page.url} scrolls sideways: {measured}"
        assert not self.errors, f"{self.page.url}: {self.errors}"

    def take_picture(self, name: str) -> None:
        """Keep a picture of the whole page where SCREENSHOTS says; nowhere otherwise."""
        if folder := os.environ.get("SCREENSHOTS"):
            size: Any = self.page.viewport_size
            path = Path(folder) / f"{size['width']}" / f"{name}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=path, full_page=True)
