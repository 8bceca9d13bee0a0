"""News from the payment provider: check the signature, keep it once, answer at once; a job does the rest."""

import structlog
from flask import Blueprint, request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from marketplace.core.actor import PROVIDER
from marketplace.core.text import N_
from marketplace.http.access import SIGNED_BY_PROVIDER, allow
from marketplace.http.context import current_uow, payment_provider
from marketplace.http.errors import problem
from marketplace.http.languages import translate
from marketplace.http.limits import limiter
from marketplace.payments import inbox
from marketplace.payments.provider import ForgedEvent

bp = Blueprint("webhooks_stripe", __name__, url_prefix="/webhooks")
LARGEST = 256 * 1024
# The provider sends from few addresses, and a refused event waits for its next try: money would stand still meanwhile.
LIMIT = "6000 per minute"
log = structlog.get_logger()


@bp.post("/stripe")
@allow(SIGNED_BY_PROVIDER)
@limiter.limit(LIMIT)
def receive() -> Response:
    """Take in one signed event; the same event again is answered alike and changes nothing."""
    request.max_content_length = LARGEST
    uow = current_uow().acting_as(PROVIDER)
    try:
        payload = request.get_data(cache=False)
        event = payment_provider().read_event(
            payload, request.headers.get("Stripe-Signature", ""), now_wall=uow.clock.wall()
        )
    except RequestEntityTooLarge:
        return problem(413, code="too_large", detail=translate(N_("An event has at most 256 KiB.")))
    except ForgedEvent as error:
        # Who it came from and how long it was; never what it says.
        log.warning("webhook_forged", address=request.remote_addr, length=request.content_length)
        return problem(400, code=error.code, detail=translate(error.message))
    inbox.receive(uow, event=event)
    return Response(status=200)
