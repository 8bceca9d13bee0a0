"""The figures a monitor scrapes, in Prometheus' text format: read at each scrape, so that no process keeps any."""

from typing import Final

from flask import Blueprint, Response
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_1_0_0

from marketplace.http.access import PUBLIC, allow
from marketplace.http.context import current_uow
from marketplace.http.limits import limiter
from marketplace.transparency.verification import LogHealth, health

bp = Blueprint("metrics", __name__, url_prefix="/health")
_NEVER: Final = 0


@bp.get("/metrics")
@limiter.exempt
@allow(PUBLIC)
def metrics() -> Response:
    """Answer how far the audit log is signed and verified: the figures of /health/log, for a monitor."""
    uow = current_uow()
    registry = _registry_of(health(uow.session, now=uow.now))
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_PLAIN_1_0_0)


def _registry_of(found: LogHealth) -> CollectorRegistry:
    registry = CollectorRegistry()
    figures = {
        "audit_log_entries": ("Entries that have their place in the log.", found.entries),
        "audit_log_signed_size": ("Size of the newest checkpoint.", found.signed_size),
        "audit_log_signed_timestamp_seconds": (
            "When the newest checkpoint was signed; 0: never.",
            int(found.signed_at.timestamp()) if found.signed_at else _NEVER,
        ),
        "audit_log_verified_size": (
            "Size of the checkpoint that the last sound verification reached.",
            found.verified_size,
        ),
        "audit_log_verified_timestamp_seconds": (
            "When the last verification ended, if it was sound; 0: it was not, or none ran.",
            int(found.verified_at.timestamp()) if found.verified_at else _NEVER,
        ),
        "audit_log_sound": (
            "1: signed and verified as it should be; 0: /health/log names the reason.",
            int(not found.problems),
        ),
    }
    for name, (words, value) in figures.items():
        Gauge(name, words, registry=registry).set(value)
    return registry
