"""Help and the statement on accessibility."""

from email.utils import parseaddr

from flask import Blueprint, render_template

from marketplace.http.access import PUBLIC, allow
from marketplace.http.context import settings

bp = Blueprint("help", __name__)


@bp.get("/help")
@allow(PUBLIC)
def index() -> str:
    """Explain how to sell, to buy, and what to do when something is wrong."""
    return render_template("pages/help.html", contact={"email": parseaddr(settings().mail_from)[1]})


@bp.get("/accessibility")
@allow(PUBLIC)
def accessibility() -> str:
    """Say what works for whom, and what does not yet."""
    return render_template("pages/accessibility.html")
