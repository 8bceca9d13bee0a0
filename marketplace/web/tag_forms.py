"""What the tag pages of staff and of cooperatives share: cursors, and taking a tag out of the stock."""

from datetime import datetime
from uuid import UUID

from flask import request

from marketplace.compliance.models import Cooperative
from marketplace.core.errors import FieldError, InvalidInput
from marketplace.custody.models import TagRange
from marketplace.custody.services import tags
from marketplace.custody.services.tags import TagOnABag
from marketplace.custody.tag_answers import OUTCOMES, read_taken_out
from marketplace.http.context import current_uow
from marketplace.http.languages import translate as _
from marketplace.http.languages import translate_error
from marketplace.web.account.places import field_errors


def take_out_from_form(cooperative: Cooperative) -> dict[str, str]:
    """Take the tag of the form out of the stock; return the errors to show, nothing when it is done."""
    try:
        told = read_taken_out(request.form)
        act = tags.void if told.outcome == "void" else tags.lose
        act(current_uow(), number=told.number, cooperative=cooperative, reason=told.reason)
    except InvalidInput as error:
        return field_errors(error)
    except TagOnABag as error:
        return {"number": translate_error(FieldError(error.message))}
    return {}


def outcome_choices() -> list[dict[str, str]]:
    """Return what may have become of a tag, for the form."""
    return [{"value": code, "label": _(label)} for code, label in OUTCOMES.items()]


def range_cursor(text: str) -> tuple[datetime, UUID] | None:
    """Return where the next page of ranges begins; nothing for an address somebody made up."""
    moment, _sep, key = text.partition("~")
    try:
        found = datetime.fromisoformat(moment), UUID(key)
    except ValueError:
        return None
    return found if found[0].tzinfo is not None else None


def cursor_after(row: TagRange) -> str:
    """Return the cursor of the page after a range."""
    return f"{row.issued_at.isoformat()}~{row.id}"
