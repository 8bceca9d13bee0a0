"""An application with the templates and filters only: no database, no accounts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask, render_template, render_template_string, request
from flask_babel import Babel

from marketplace.http.languages import LANGUAGES
from marketplace.web.filters import register_filters

WEB = Path(__file__).resolve().parents[3] / "marketplace" / "web"


def page_app() -> Flask:
    """Return an app that renders pages as the real one does, with a visitor who is not signed in."""
    app = Flask("marketplace.web", root_path=str(WEB))
    app.config["SECRET_KEY"] = "for tests only"
    Babel(app, locale_selector=lambda: request.args.get("lang", "en"))
    register_filters(app)
    app.jinja_env.globals.update(
        csrf_token=lambda: "csrf-of-this-test",
        asset=lambda name: f"/static/{name}",
        new_key=lambda: "key-of-this-test",
        language_link=lambda code: f"{request.path}?lang={code}",
    )

    @app.context_processor
    def frame() -> dict[str, Any]:
        viewer = SimpleNamespace(is_signed_in=False, name="", is_staff=False)
        return {
            "viewer": viewer,
            "language": request.args.get("lang", "en"),
            "languages": LANGUAGES,
            "current_path": request.path,
            "demonstration": None,
        }

    return app


@pytest.fixture(scope="session")
def app() -> Flask:
    return page_app()


@pytest.fixture
def reading(app: Flask) -> Callable[[str], Any]:
    """Return a request context for a reader of this language."""
    return lambda language="en": app.test_request_context(f"/lots?lang={language}")


@pytest.fixture
def show(app: Flask) -> Iterator[Callable[..., str]]:
    """Render a scrap of template with all macros imported."""
    imports = "".join(
        f'{{% import "macros/{name}.html" as {name} %}}' for name in ("forms", "show", "charts", "lots", "drawings")
    )

    with app.test_request_context("/lots"):
        yield lambda source, **context: render_template_string(imports + source, **context)


@pytest.fixture
def page(app: Flask) -> Callable[..., str]:
    """Render one whole page for a path and a language."""

    def render(template: str, *, path: str = "/lots", language: str = "en", **context: Any) -> str:
        with app.test_request_context(f"{path}?lang={language}"):
            return render_template(template, **context)

    return render
