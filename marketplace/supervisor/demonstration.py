"""What a demonstration makes up once and keeps: its keys, and where its business time begins."""

from __future__ import annotations

import base64
import os
import secrets
from datetime import UTC, datetime
from pathlib import Path

from config.settings import demonstration_file, read_assignments

# The last day of the exchange and gold rates that ship with the program: prices must not look stale on the first day.
FIRST_MOMENT = datetime(2026, 9, 29, 9, 0, tzinfo=UTC)


def ensure_secrets(data_dir: Path) -> Path:
    """Write the demonstration's own values when they are absent, readable by its owner only."""
    path = demonstration_file(data_dir)
    kept = read_assignments(path)
    made = made_up(now=datetime.now(UTC))
    if missing := {name: value for name, value in made.items() if name not in kept}:
        lines = [f"{name}={value}" for name, value in {**kept, **missing}.items()]
        write_privately(
            path, "# Made for this demonstration only; `make reset` removes it.\n" + "\n".join(lines) + "\n"
        )
    return path


def made_up(*, now: datetime) -> dict[str, str]:
    """Return new keys, and the offset in seconds that makes business time begin at `FIRST_MOMENT`."""
    return {
        "SECRET_KEY": secrets.token_urlsafe(48),
        "FIELD_KEY": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "STRIPE_API_KEY": f"sk_test_{secrets.token_hex(16)}",
        "STRIPE_WEBHOOK_SECRET": f"whsec_{secrets.token_hex(16)}",
        "CLOCK_OFFSET_SECONDS": str(int((FIRST_MOMENT - now).total_seconds())),
    }


def write_privately(path: Path, text: str) -> None:
    """Put the whole file in place at once, so that a crash leaves the old one or the new one."""
    draft = path.with_suffix(".new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
