"""The start page, the way in for sellers, and what robots and browsers ask for by habit."""

from flask import Blueprint, Response, current_app, redirect, render_template
from werkzeug.wrappers import Response as Answer

from marketplace.http.access import PUBLIC, allow
from marketplace.http.context import current_viewer
from marketplace.web.frame import asset
from marketplace.web.public.browse import browse_page

bp = Blueprint("home", __name__)
# What belongs to one person, or answers programs, is not for search engines.
ROBOTS = "User-agent: *\n" + "".join(
    f"Disallow: {path}\n" for path in ("/account", "/api/", "/cooperative/", "/orders", "/staff", "/lots/*/buy")
)


@bp.get("/")
@allow(PUBLIC)
def start() -> Answer:
    """Show what is on sale."""
    return browse_page()


@bp.get("/sell")
@allow(PUBLIC)
def sell() -> Answer | str:
    """Bring an officer to her cooperative; tell others how to sell."""
    viewer = current_viewer()
    if viewer and viewer.memberships:
        return redirect("/cooperative/", code=303)
    return render_template("public/sell.html")


@bp.get("/robots.txt")
@allow(PUBLIC)
def robots() -> Response:
    """Tell search engines what to leave alone."""
    return current_app.response_class(ROBOTS, mimetype="text/plain")


@bp.get("/favicon.ico")
@allow(PUBLIC)
def favicon() -> Answer:
    """Send browsers that do not read the page's head to the mark."""
    return redirect(asset("mark.svg"), code=308)
