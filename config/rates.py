"""The settings of reference rates: their age, and the sources they are fetched from."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from config.parsing import Reader
from config.rate_sources import read_rate_sources
from marketplace.core.web_address import FetchPolicy

SHIPPED_SOURCES = Path(__file__).parent / "rate_sources.toml"
SHIPPED_HOSTS = "cdn.jsdelivr.net www.ecb.europa.eu"
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?|\[[0-9a-f:]+\])(?::[1-9][0-9]{0,4})?")


class Hosts(frozenset[str]):
    """Names of hosts that may be asked, each with its port when that is not 443."""

    __slots__ = ()


def rate_settings(read: Reader, *, is_production: bool) -> dict[str, Any]:
    """Return the settings of rates by their field names."""
    policy = FetchPolicy(
        hosts=_hosts(read),
        timeout_seconds=read.number("RATE_FETCH_TIMEOUT_SECONDS", 30, at_least=1, at_most=300),
        max_bytes=read.number("RATE_FETCH_MAX_BYTES", 5_000_000, at_least=1_000, at_most=50_000_000),
        loopback=read.yes_or_no("RATE_FETCH_LOOPBACK", default=False),
    )
    is_fetching = read.yes_or_no("RATE_FETCH", default=is_production)
    path = Path(read.text("RATE_SOURCES_FILE", str(SHIPPED_SOURCES))).absolute()
    sources, problems = read_rate_sources(path, policy=policy, environment=read.values, needs_keys=is_fetching)
    read.problems += problems
    return {
        "rate_fetch": is_fetching,
        "rate_fetch_timeout_seconds": policy.timeout_seconds,
        "rate_fetch_max_bytes": policy.max_bytes,
        "rate_fetch_loopback": policy.loopback,
        "rate_hosts": policy.hosts,
        "rate_sources_file": sources,
    }


def _hosts(read: Reader) -> Hosts:
    names = read.text("RATE_HOSTS", SHIPPED_HOSTS).replace(",", " ").lower().split()
    wrong = [name for name in names if not _HOST.fullmatch(name)]
    if wrong:
        read.problems.append(f"RATE_HOSTS must be names of hosts between spaces, not {', '.join(wrong)}")
    return Hosts(name for name in names if name not in wrong)
