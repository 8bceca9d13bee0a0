"""The journey of a lot as JourneySchema has it."""

from dataclasses import asdict
from typing import Any

from marketplace.custody.record import CustodyStep, LotRecord


def journey_document(record: LotRecord) -> dict[str, Any]:
    """Return the public record's model and steps."""
    return {
        "reference": record.reference,
        "version_sha256": record.version_sha256,
        "model": record.model,
        "steps": [_step(step) for step in record.steps],
    }


def _step(step: CustodyStep) -> dict[str, Any]:
    return {
        **asdict(step),
        "id": str(step.id),
        "facts": dict(step.facts),
        "corrects": str(step.corrects) if step.corrects else None,
        "audit_event_id": str(step.audit_event_id) if step.audit_event_id else None,
    }
