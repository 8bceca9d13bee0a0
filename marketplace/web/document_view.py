"""What the pages of documents share: words, owners in addresses, and the file itself."""

from typing import Any, Final

from flask import request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from marketplace.compliance.document_kinds import LOT, ORDER, SITE, document_kinds
from marketplace.compliance.gate import Unmet
from marketplace.compliance.models import MineSite
from marketplace.compliance.vocabulary import MINERALS
from marketplace.core.errors import FieldError, NotFound
from marketplace.core.storage import FileMissing
from marketplace.documents.files import EXTENSIONS
from marketplace.documents.keeping import take_out
from marketplace.documents.models import Document
from marketplace.documents.transitions import STATE_WORDS, State
from marketplace.http.context import current_uow, file_store, separately, settings
from marketplace.http.languages import translate as _
from marketplace.http.languages import translate_error
from marketplace.lots.models import Lot
from marketplace.orders.models import Order

TONES: Final = {State.PENDING: "info", State.ACCEPTED: "good", State.REJECTED: "bad", State.EXPIRED: "warn"}


def file_of(document: Document) -> Response:
    """Return a document's file to keep: never shown inside a page of ours, never stored on the way."""
    try:
        content = take_out(file_store(), document.id, key=settings().field_key)
    except FileMissing:
        raise NotFound from None
    answer = Response(content, content_type=document.content_type)
    name = f"{document.reference}-{document.version}.{EXTENSIONS[document.content_type]}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def note_reading(answer: Response) -> Response:
    """Note who opened a file; only after the request, which is read-only itself."""
    is_file = (request.endpoint or "").endswith("_documents.file")
    if is_file and answer.status_code == 200 and request.view_args is not None:
        with separately(current_uow().actor) as noting:
            noting.record("document.read", noting.session.get_one(Document, request.view_args["document_id"]))
    return answer


def words_of_documents() -> dict[str, Any]:
    """Return the words that templates of documents need."""
    return {
        "kinds": {code: kind.label for code, kind in document_kinds().items()},
        "states": {state.value: words for state, words in STATE_WORDS.items()},
        "tones": {state.value: tone for state, tone in TONES.items()},
        "mineral_words": {entry.code: entry.words for entry in MINERALS},
    }


def owner_words(session: Session, document: Document, site: MineSite | None) -> str:
    """Return what a document belongs to, in words."""
    if site is not None:
        return _("Mine site %(name)s", name=site.name)
    if document.lot_id is not None:
        return _("Lot %(reference)s", reference=session.get_one(Lot, document.lot_id).reference)
    if document.order_id is not None:
        return _("Order %(reference)s", reference=session.get_one(Order, document.order_id).reference)
    return _("The whole cooperative")


def owner_name(session: Session, document: Document, *, cooperative: str, site: str | None) -> str:
    """Return what a document belongs to, as addresses name it."""
    if site is not None:
        return f"site:{site}"
    if document.lot_id is not None:
        return f"lot:{session.get_one(Lot, document.lot_id).reference}"
    if document.order_id is not None:
        return f"order:{session.get_one(Order, document.order_id).reference}"
    return f"cooperative:{cooperative}"


def unmet_words(unmet: Unmet) -> str:
    """Return why a requirement is not met, in the reader's language."""
    return translate_error(FieldError(unmet.text, **unmet.params))


def upload_address(
    kind: str,
    *,
    cooperative: str,
    site: str | None = None,
    lot: str | None = None,
    order: str | None = None,
) -> str:
    """Return where a cooperative sends a paper of a kind; of its owners the narrowest that is known."""
    owners = document_kinds()[kind].belongs_to
    names = {ORDER: order, LOT: lot, SITE: site}
    narrow = next((f"{owner}:{name}" for owner, name in names.items() if name and owner in owners), None)
    if narrow is None and "cooperative" not in owners:
        return url_for("cooperative_documents.index")
    return url_for("cooperative_documents.new", owner=narrow or f"cooperative:{cooperative}", kind=kind)
