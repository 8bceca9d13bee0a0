"""Addresses of news are sealed, bound to their subscription, and shown shortened."""

from uuid import UUID

import pytest

from marketplace.core.crypto import SealBroken
from marketplace.history.addresses import opened_address, sealed_address, shortened

KEY = bytes(range(32))
ONE, OTHER = UUID(int=1), UUID(int=2)
ADDRESS = "https://hooks.example.org/services/T024/s3cret-of-mine"


def test_an_address_is_sealed_and_opens_for_its_own_subscription_only() -> None:
    sealed = sealed_address(ADDRESS, subscription_id=ONE, key=KEY)

    assert b"hooks" not in sealed
    assert opened_address(sealed, subscription_id=ONE, key=KEY) == ADDRESS
    with pytest.raises(SealBroken):
        opened_address(sealed, subscription_id=OTHER, key=KEY)
    with pytest.raises(SealBroken):
        opened_address(sealed, subscription_id=ONE, key=bytes(32))


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        (ADDRESS, "https://hooks.example.org/…mine"),
        ("https://example.org", "https://example.org/"),
        ("https://example.org/", "https://example.org/"),
        ("https://example.org:8443/news", "https://example.org:8443/…"),
        # 15 characters after the host are too few to show any, 16 are enough
        ("https://example.org/123456789012345", "https://example.org/…"),
        ("https://example.org/1234567890123456", "https://example.org/…3456"),
        ("https://example.org/news?token=abcdef", "https://example.org/…cdef"),
        ("https://example.org/?a=1", "https://example.org/…"),
        ("http://[::1]:9/1234567890123456", "http://[::1]:9/…3456"),
    ],
)
def test_pages_show_the_host_and_the_end_of_a_long_path(address: str, shown: str) -> None:
    assert shortened(address) == shown
