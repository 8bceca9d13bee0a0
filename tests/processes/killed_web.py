"""The web application behind a wrapper that dies by SIGKILL after the commit and before the answer, once, when told."""

import os
import signal
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from config.settings import Settings
from marketplace.app import create_app

settings = Settings.from_environment(os.environ)
ORDER = settings.data_dir / "die-after-commit"
inner = create_app(settings).wsgi_app


def take(order: Path, path: str) -> bool:
    """Tell whether the order to die names this path, and use it up."""
    if order.exists() and order.read_text(encoding="utf-8") == path:
        order.unlink()
        return True
    return False


def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Answer as the application does, unless told to die first."""
    held: list[tuple[Any, ...]] = []

    def hold(*arguments: Any) -> Any:
        held.append(arguments)
        return lambda _data: None

    body = inner(environ, hold)
    if environ["REQUEST_METHOD"] == "POST" and take(ORDER, environ["PATH_INFO"]):
        os.kill(os.getpid(), signal.SIGKILL)
    start_response(*held[-1])
    return body
