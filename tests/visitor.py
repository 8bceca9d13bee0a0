"""A person with a browser that runs no script: opens pages, fills in forms, over real HTTP."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

import requests

SECONDS = 30


class _Forms(HTMLParser):
    """Collect every form with its action and the values its fields already have."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note forms and hidden or filled fields."""
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append((found.get("action", ""), {}))
        elif tag == "input" and self.forms and found.get("type", "text") in {"hidden", "text"} and "name" in found:
            self.forms[-1][1][found["name"]] = found.get("value", "")


@dataclass
class Visitor:
    """A browser's cookies and the page it shows."""

    address: str
    token: str = ""
    page: str = ""
    session: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        if self.token:
            self.session.cookies.set("session_id", self.token, domain="localhost.local", path="/")

    def open(self, path: str) -> str:
        """Open a page of ours; raise when it is refused."""
        answer = self.session.get(self._absolute(path), timeout=SECONDS)
        answer.raise_for_status()
        self.page = answer.text
        return self.page

    def form(self, action: str) -> dict[str, str]:
        """Return the values that the page's form of this action would send untouched."""
        reader = _Forms()
        reader.feed(self.page)
        found = [values for address, values in reader.forms if re.fullmatch(action, address or "")]
        if not found:
            raise AssertionError(f"no form {action!r} among {[address for address, _ in reader.forms]}")
        return found[0]

    def send(self, path: str, values: dict[str, str]) -> requests.Response:
        """Send a form; do not follow where it leads."""
        return self.session.post(self._absolute(path), data=values, timeout=SECONDS, allow_redirects=False)

    def _absolute(self, path: str) -> str:
        return path if path.startswith("http") else f"{self.address}{path}"
