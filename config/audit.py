"""Where the signer of the audit log keeps key and memory: outside the database, so that no backup restores them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from config.parsing import Reader


def audit_settings(read: Reader, data_dir: Path) -> dict[str, Any]:
    """Return the files of the signer, and the policy that names its witnesses."""
    folder = data_dir / "audit"
    witnesses = read.optional("AUDIT_WITNESSES_FILE")
    return {
        "audit_key_file": Path(read.text("AUDIT_KEY_FILE", str(folder / "log.key"))).absolute(),
        "audit_state_file": Path(read.text("AUDIT_STATE_FILE", str(folder / "signed.json"))).absolute(),
        "passport_key_file": Path(read.text("PASSPORT_KEY_FILE", str(folder / "passport.key"))).absolute(),
        "audit_witnesses_file": Path(witnesses).absolute() if witnesses else None,
    }
