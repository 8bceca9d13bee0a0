"""When a page may be kept by a reader's browser, and how it knows that the page has changed."""

from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from flask import request, session

from marketplace.http.context import current_viewer
from marketplace.http.languages import language
from marketplace.web.frame import STATIC

_WEB: Final = Path(__file__).parent.parent
_LENGTH: Final = 32


def may_be_kept() -> bool:
    """Say whether the page is the same for every visitor: nobody signed in, no message waiting, no choice made."""
    return current_viewer() is None and "_flashes" not in session and not request.args


def page_tag(*parts: str) -> str:
    """Return the tag of a page made from these facts in the reader's language by this release."""
    return sha256("\n".join((_release(), language(), *parts)).encode()).hexdigest()[:_LENGTH]


@lru_cache(maxsize=1)
def _release() -> str:
    """Return a digest of every template, catalogue and static file: a new release makes every kept page old."""
    digest = sha256()
    folders = (_WEB / "templates", _WEB / "translations", STATIC)
    for path in sorted(path for folder in folders for path in folder.rglob("*") if path.is_file()):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
