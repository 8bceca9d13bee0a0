"""One entry of the log as news for another program: a CloudEvents 1.0 envelope, signed as Standard Webhooks says.

The envelope holds the leaf, which names nobody, and where its proof is. Sources: github.com/cloudevents/spec (JSON
event format 1.0, structured mode), github.com/standard-webhooks/standard-webhooks. Pure.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

CONTENT_TYPE: Final = "application/cloudevents+json; charset=utf-8"
SECRET_PREFIX: Final = "whsec_"  # noqa: S105 - how every secret of this kind begins
SECRET_BYTES: Final = 32


def envelope(*, event_id: UUID, idx: int, at: datetime, action: str, leaf: bytes, base_url: str) -> bytes:
    """Return the body: the leaf as text, so that its bytes survive, and the address of its proof."""
    event = {
        "specversion": "1.0",
        "id": str(event_id),
        "source": f"{base_url}/log",
        "type": f"marketplace.audit.{action}",
        "time": at.isoformat().replace("+00:00", "Z"),
        "sequence": str(idx),
        "datacontenttype": "application/json",
        "data": {"idx": idx, "leaf": leaf.decode("utf-8"), "proof": f"{base_url}/log/proofs/{event_id}"},
    }
    return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def secret_text(raw: bytes) -> str:
    """Return a secret as its owner keeps it: `whsec_` and base64."""
    return SECRET_PREFIX + base64.b64encode(raw).decode("ascii")


def headers(*, event_id: UUID, sent_at: int, body: bytes, secret: bytes) -> Mapping[str, str]:
    """Return the headers of one delivery; `sent_at` are whole seconds since 1970, `secret` the raw bytes."""
    signed = f"{event_id}.{sent_at}.".encode() + body
    mark = base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode("ascii")
    return {
        "Content-Type": CONTENT_TYPE,
        "webhook-id": str(event_id),
        "webhook-timestamp": str(sent_at),
        "webhook-signature": f"v1,{mark}",
    }
