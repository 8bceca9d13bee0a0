"""What the API's description says beside its operations."""

from typing import Any, Final

VERSION: Final = "1.0.0"
DESCRIPTION: Final = """\
Prices, guidance and published lots are open to everybody. Drafts, offers, orders and your own profile need a bearer
token, which you make on the page of your account; it has the scope `read`, or `read` and `write`.

* Amounts are whole minor units of a currency (`{"amount_minor": 124000, "currency": "USD"}`), weights whole milligrams,
  rates and finenesses decimals as text. No number has a fraction.
* Unknown fields, names given twice and numbers that are not whole are refused.
* Every refusal is a problem (RFC 9457, `application/problem+json`); `code` is stable, `errors` names each field.
* Lists are paged: pass `next_cursor` of one answer as `cursor` of the next request.
* Changes of a draft name the revision they were made from (`If-Match`); what makes something new needs an
  `Idempotency-Key`, so that it can be sent again after a lost answer.
* Answers carry `X-RateLimit-Limit`, `X-RateLimit-Remaining` and `X-RateLimit-Reset`; past the limit comes 429 with
  `Retry-After`.
"""

CONFIGURATION: Final[dict[str, Any]] = {
    "API_TITLE": "Marketplace for traceable gemstones and gold",
    "API_VERSION": VERSION,
    "OPENAPI_VERSION": "3.1.0",
    "OPENAPI_URL_PREFIX": "/api/v1",
    "OPENAPI_JSON_PATH": "openapi.json",
    "API_SPEC_OPTIONS": {
        "info": {"description": DESCRIPTION},
        "components": {
            "securitySchemes": {
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A token of your account page. A cookie gives no right here.",
                }
            }
        },
    },
}


def needs(scope: str) -> dict[str, Any]:
    """Return what `doc` says of an operation that needs a token with a scope."""
    return {"security": [{"bearer": [scope]}], "responses": {"401": "UNAUTHORIZED", "403": "FORBIDDEN"}}


def header(name: str, description: str, *, example: str) -> dict[str, Any]:
    """Describe a header that a request must have."""
    return {
        "in": "header",
        "name": name,
        "required": True,
        "description": description,
        "schema": {"type": "string"},
        "example": example,
    }


IDEMPOTENCY_KEY: Final = header(
    "Idempotency-Key",
    "8 to 100 characters of your choice. The same key and body get the same answer; another body is refused.",
    example="5f0c1c2e-8a44-4be1-9f0e-6a1f2b3c4d5e",
)
IF_MATCH: Final = header("If-Match", "The ETag of the draft the change was made from.", example='"3"')
