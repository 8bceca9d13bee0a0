"""Logs: one JSON object a line, with the request's id, without secrets or personal data."""

from __future__ import annotations

import logging
import logging.config
import re
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog

from config.settings import Settings

REDACTED = "[redacted]"
# A key holding one of these words loses its value, however deep it stands.
SECRET_WORDS = (
    "password",
    "secret",
    "token",
    "authorization",
    "cookie",
    "session_id",
    "api_key",
    "totp",
    "recovery_code",
    "email",
    "phone",
    "account_number",
    "iban",
    "latitude",
    "longitude",
)
# What gives itself away inside a text: addresses, provider keys, bearer tokens, passwords in database addresses.
SECRET_TEXTS = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}", REDACTED),
        (r"\b(?:sk|rk|pk|whsec)_[A-Za-z0-9_]{8,}", REDACTED),
        (r"(?i)\bbearer\s+[\w.~+/=-]{8,}", f"Bearer {REDACTED}"),
        (r"(://[^:/@\s]{1,64}):[^@/\s]{1,256}@", rf"\1:{REDACTED}@"),
    )
)
LONGEST_TEXT = 4_000
DEEPEST = 6


def configure_logging(settings: Settings) -> None:
    """Send structlog's and the standard library's records to standard error as JSON lines."""
    logging.config.dictConfig(_standard_library(level=settings.log_level))
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_shared_processors(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def bind_request(*, request_id: str, **names: str) -> None:
    """Add the request's id, and what else names it, to every line until `forget_request`."""
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=request_id, **names)


def forget_request() -> None:
    """Stop adding the last request's names."""
    structlog.contextvars.clear_contextvars()


def redact(value: object, *, depth: int = 0) -> object:
    """Return the value without secrets: by the key's name, and by what texts look like."""
    if depth > DEEPEST:
        return REDACTED
    if isinstance(value, str):
        return _redact_text(value)
    if isinstance(value, Mapping):
        return {
            key: REDACTED if _is_secret(str(key)) else redact(entry, depth=depth + 1) for key, entry in value.items()
        }
    if isinstance(value, (list, tuple, set, frozenset)):
        return [redact(entry, depth=depth + 1) for entry in value]
    if value is None or isinstance(value, (bool, int, float)):
        return value
    return _redact_text(str(value))


def gunicorn_logging(*, level: str) -> dict[str, Any]:
    """Return the logging set-up of the web server's own processes."""
    settings = _standard_library(level=level)
    loggers = {name: {"handlers": ["lines"], "level": level, "propagate": False} for name in ("gunicorn.error",)}
    return {**settings, "loggers": loggers}


def _standard_library(*, level: str) -> dict[str, Any]:
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": _shared_processors(),
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.JSONRenderer(ensure_ascii=False),
                ],
            }
        },
        "handlers": {"lines": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["lines"], "level": level},
    }


def _shared_processors() -> list[Any]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        _without_secrets,
    ]


def _without_secrets(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key in list(event):
        if not key.startswith("_"):
            event[key] = REDACTED if _is_secret(key) else redact(event[key])
    return event


def _is_secret(key: str) -> bool:
    lowered = key.lower()
    return any(word in lowered for word in SECRET_WORDS)


def _redact_text(text: str) -> str:
    for pattern, replacement in SECRET_TEXTS:
        text = pattern.sub(replacement, text)
    return text if len(text) <= LONGEST_TEXT else text[:LONGEST_TEXT] + "…"
