"""Start the demonstration, or say in a sentence why it cannot start."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from config.settings import Environment, Settings, SettingsError
from marketplace.core.embedded_postgres import PostgresFailed
from marketplace.supervisor.children import stop_leftovers
from marketplace.supervisor.demonstration import ensure_secrets
from marketplace.supervisor.lock import AlreadyRunning, only_one
from marketplace.supervisor.ports import PortTaken, require_free
from marketplace.supervisor.steps import StepFailed
from marketplace.supervisor.story import run


def main() -> int:
    """Run until stopped and return the process's exit status."""
    environment = os.environ.get("ENVIRONMENT", "").strip() or Environment.DEMONSTRATION
    if environment != Environment.DEMONSTRATION:
        print(f"This starts the demonstration only, and ENVIRONMENT is {environment}. See docs/operations.md.")
        return 2
    data_dir = Path(os.environ.get("DATA_DIR", "").strip() or "var").absolute()
    try:
        with only_one(data_dir):
            ensure_secrets(data_dir)
            settings = Settings.from_environment(os.environ)
            stop_leftovers(data_dir)
            require_free(settings.host, settings.port, setting="PORT")
            require_free("127.0.0.1", settings.sandbox_port, setting="SANDBOX_PORT")
            return run(settings)
    except (AlreadyRunning, PortTaken, PostgresFailed, SettingsError, StepFailed) as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
