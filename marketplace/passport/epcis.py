"""What happened to a lot as an EPCIS 2.0 document in JSON-LD."""

from datetime import datetime
from typing import Any

from marketplace.audit.verify.documents import time_text
from marketplace.custody.record import LotRecord


def document_of(record: LotRecord, *, base_url: str, created_at: datetime) -> dict[str, Any]:
    """Return the document; `created_at` is in UTC."""
    return {
        "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
        "id": f"{base_url}/l/{record.reference}/events",
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": time_text(created_at),
        "epcisBody": {"eventList": []},
    }
