"""What every page's frame needs: who looks, in which language, where the assets are."""

import hashlib
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask, g, request

from marketplace.accounts.queries import Viewer
from marketplace.core.ids import new_token
from marketplace.http.context import clock, current_viewer, settings
from marketplace.http.languages import LANGUAGES, language, written_language

STATIC = Path(__file__).parent / "static"


def register_frame(app: Flask) -> None:
    """Give every template the frame's context."""
    app.jinja_env.globals.update(asset=asset, new_key=new_token, language_link=language_link)
    app.context_processor(_frame)


@lru_cache(maxsize=256)
def asset(name: str) -> str:
    """Return the address of a static file with its content's digest, so that it may be cached for a year."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"


def language_link(code: str) -> str:
    """Return this page's address in another language."""
    pairs = [(name, value) for name, value in request.args.items(multi=True) if name != "lang"]
    return "/language?" + urlencode({"lang": code, "next": f"{request.path}?{urlencode(pairs)}".rstrip("?")})


def _frame() -> dict[str, object]:
    viewer = current_viewer()
    return {
        "viewer": _FrameViewer(viewer) if viewer else _Nobody(),
        "languages": LANGUAGES,
        "language": language(),
        "written_language": written_language(),
        "current_path": request.path,
        "demonstration": {"date": clock().now()} if settings().is_demonstration else None,
        "now": clock().now(),
        "request_id": g.get("request_id", ""),
    }


class _Nobody:
    is_signed_in = is_staff = is_buyer = is_member = False
    name = ""
    language = "en"
    staff_roles: frozenset[str] = frozenset()


class _FrameViewer:
    is_signed_in = True

    def __init__(self, viewer: Viewer) -> None:
        self.name = viewer.name
        self.language = viewer.language
        self.is_staff = viewer.is_staff
        self.is_buyer = viewer.buyer_id is not None
        self.is_member = bool(viewer.memberships)
        self.staff_roles = viewer.staff_roles
