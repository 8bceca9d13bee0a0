"""Which addresses of the web the program may ask: an allow-list of hosts, https, and public network addresses only."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final
from urllib.parse import urlsplit

LONGEST_ADDRESS: Final = 2_000
_DEFAULT_PORTS: Final = {"https": 443, "http": 80}
_PRINTABLE: Final = re.compile(r"[!-\[\]-~]+")  # visible ASCII without the backslash, which browsers read as a slash
_HOST: Final = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|[0-9a-f:.]*:[0-9a-f:.]*")
# Both carry an IPv4 address inside, which could be a private one (RFC 6052, RFC 8215).
_TRANSLATED: Final = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))


class FetchRefused(Exception):
    """An address was not asked, or its answer not taken; `code` is stable, the text says why in plain words."""

    def __init__(self, code: str, words: str) -> None:
        self.code, self.words = code, words
        super().__init__(f"{code}: {words}")


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchPolicy:
    """What may be asked and how much of an answer is taken.

    `hosts` are names, with a port when it is not 443 (`rates.example`, `rates.example:8443`). `loopback` lets this
    machine itself be asked, also without encryption: for tests and demonstrations only.
    """

    hosts: frozenset[str]
    timeout_seconds: float
    max_bytes: int
    loopback: bool = False


@dataclass(frozen=True, slots=True)
class Target:
    """The parts of a checked address."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """Return host and port as the header Host and the allow-list write them."""
        return authority(self.scheme, self.host, self.port)


def authority(scheme: str, host: str, port: int | None) -> str:
    """Return the host, with its port when that is not 443 (https) or 80 (http)."""
    name = f"[{host}]" if ":" in host else host
    return name if port in (None, _DEFAULT_PORTS.get(scheme)) else f"{name}:{port}"


def target_of(address: str, *, policy: FetchPolicy) -> Target:
    """Return the parts of an address; raises FetchRefused when its form, scheme or host may not be asked."""
    if len(address) > LONGEST_ADDRESS or not _PRINTABLE.fullmatch(address):
        raise FetchRefused("bad_address", "the address has characters that no address has, or is too long")
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise FetchRefused("bad_address", "the address cannot be read") from None
    if parts.scheme != "https" and not (policy.loopback and parts.scheme == "http"):
        raise FetchRefused("not_https", "the address must begin with https://")
    if "@" in parts.netloc or not _HOST.fullmatch(host):
        raise FetchRefused("bad_address", "the address must name a host and no user")
    if authority(parts.scheme, host, port) not in policy.hosts:
        raise FetchRefused("not_allowed_host", f"{authority(parts.scheme, host, port)} is not in the list of hosts")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port if port is not None else _DEFAULT_PORTS[parts.scheme], path)


def refuse_private(target: Target, addresses: Iterable[str], *, policy: FetchPolicy) -> None:
    """Raise FetchRefused when one of a host's network addresses is not public.

    One bad address refuses the host: a name that points inside is an attack or a mistake.
    """
    for text in addresses:
        address = ip_address(text)
        if policy.loopback and address.is_loopback and not _carries_ipv4(address):
            continue
        if target.scheme != "https" or not is_public(address):
            raise FetchRefused("private_address", f"{target.host} leads to {text}, which is not a public address")


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Say whether an address belongs to the public network: not private, loopback, link-local, multicast, reserved."""
    return address.is_global and not (
        address.is_private
        or address.is_loopback
        or address.is_link_local
        or address.is_multicast
        or address.is_reserved
        or address.is_unspecified
        or (isinstance(address, IPv6Address) and address.is_site_local)
        or _carries_ipv4(address)
    )


def _carries_ipv4(address: IPv4Address | IPv6Address) -> bool:
    return isinstance(address, IPv6Address) and (
        address.ipv4_mapped is not None
        or address.sixtofour is not None
        or address.teredo is not None
        or any(address in network for network in _TRANSLATED)
    )
