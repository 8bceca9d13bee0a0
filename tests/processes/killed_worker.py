"""The worker, dying by SIGKILL after the provider answered and before the answer is committed, once, when told."""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask.cli import main

from marketplace.payments.stripe_provider import StripeProvider

ORDER = Path(os.environ["DATA_DIR"]) / "die-after-answer"


def dying(method: Callable[..., Any], name: str) -> Callable[..., Any]:
    """Let the real call happen, then die when the order names it."""

    def call(*arguments: Any, **named: Any) -> Any:
        answer = method(*arguments, **named)
        if ORDER.exists() and ORDER.read_text(encoding="utf-8") == name:
            ORDER.unlink()
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    return call


for name in ("create_checkout", "create_refund", "expire_checkout"):
    setattr(StripeProvider, name, dying(getattr(StripeProvider, name), name))

sys.argv = ["flask", "--app", "wsgi", "worker"]
main()
