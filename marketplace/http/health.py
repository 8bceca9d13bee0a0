"""Whether the process lives and whether it can do its work."""

import shutil
from datetime import datetime

from flask import Blueprint, jsonify
from sqlalchemy import text
from werkzeug.wrappers import Response

from marketplace.http.access import PUBLIC, allow
from marketplace.http.context import current_uow, settings
from marketplace.http.limits import limiter
from marketplace.screening.standing import list_ages
from marketplace.transparency.verification import health

bp = Blueprint("health", __name__, url_prefix="/health")
FREE_BYTES = 200 * 1024 * 1024


@bp.get("/live")
@limiter.exempt
@allow(PUBLIC)
def live() -> Response:
    """Answer that the process runs."""
    return jsonify(status="ok")


@bp.get("/ready")
@limiter.exempt
@allow(PUBLIC)
def ready() -> Response:
    """Answer whether database and disk are there; 503 names what is not."""
    session = current_uow().session
    problems = []
    if session.scalar(text("SELECT count(*) FROM alembic_version")) != 1:
        problems.append("migrations")
    if shutil.disk_usage(settings().data_dir).free < FREE_BYTES:
        problems.append("disk")
    response = jsonify(status="ok" if not problems else "not ready", problems=problems)
    response.status_code = 503 if problems else 200
    return response


@bp.get("/log")
@limiter.exempt
@allow(PUBLIC)
def log() -> Response:
    """Answer how far the audit log is signed and verified; 503 names what is not as it should be."""
    uow = current_uow()
    found = health(uow.session, now=uow.now)
    response = jsonify(
        status="ok" if not found.problems else "not sound",
        problems=list(found.problems),
        entries=found.entries,
        signed_size=found.signed_size,
        signed_at=_text(found.signed_at),
        verified_size=found.verified_size,
        verified_at=_text(found.verified_at),
    )
    response.status_code = 503 if found.problems else 200
    return response


@bp.get("/screening")
@limiter.exempt
@allow(PUBLIC)
def screening() -> Response:
    """Answer how old each sanctions list is; 503 names those that are missing or too old."""
    uow = current_uow()
    ages = list_ages(uow.session, settings=settings(), today=uow.now.date())
    problems = [age.kind.value for age in ages if age.is_too_old]
    response = jsonify(
        status="ok" if not problems else "lists missing or too old",
        problems=problems,
        days={age.kind.value: age.days for age in ages},
    )
    response.status_code = 503 if problems else 200
    return response


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
