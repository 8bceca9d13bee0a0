"""Which addresses may be asked: hosts that are listed, by https, at public network addresses."""

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core.web_address import FetchPolicy, FetchRefused, Target, is_public, refuse_private, target_of

POLICY = FetchPolicy(
    hosts=frozenset({"rates.example", "rates.example:8443", "[2a00::1]"}), timeout_seconds=5, max_bytes=1000
)
HERE = FetchPolicy(
    hosts=frozenset({"localhost:8100", "localhost", "rates.example"}), timeout_seconds=5, max_bytes=1000, loopback=True
)
SECURE = Target("https", "rates.example", 443, "/")


def refusal(address: str, policy: FetchPolicy = POLICY) -> str:
    with pytest.raises(FetchRefused) as caught:
        target_of(address, policy=policy)
    return caught.value.code


@pytest.mark.parametrize(
    ("address", "target"),
    [
        ("https://rates.example", Target("https", "rates.example", 443, "/")),
        ("https://rates.example:443/a/b?c=d&e", Target("https", "rates.example", 443, "/a/b?c=d&e")),
        ("https://rates.example:8443/x#part", Target("https", "rates.example", 8443, "/x")),
        ("https://RATES.example/x", Target("https", "rates.example", 443, "/x")),
        ("https://[2a00::1]/x", Target("https", "2a00::1", 443, "/x")),
    ],
)
def test_a_listed_host_may_be_asked_by_https(address: str, target: Target) -> None:
    assert target_of(address, policy=POLICY) == target


def test_the_header_names_the_port_when_it_is_not_the_usual_one() -> None:
    assert target_of("https://rates.example:8443/x", policy=POLICY).authority == "rates.example:8443"
    assert target_of("https://[2a00::1]/x", policy=POLICY).authority == "[2a00::1]"
    assert target_of("http://localhost:8100/x", policy=HERE) == Target("http", "localhost", 8100, "/x")
    assert target_of("http://localhost/x", policy=HERE) == Target("http", "localhost", 80, "/x")


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("http://rates.example/", "not_https"),
        ("ftp://rates.example/", "not_https"),
        ("file:///etc/passwd", "not_https"),
        ("rates.example", "not_https"),
        ("", "bad_address"),
        ("https://", "bad_address"),
        ("https://other.example/", "not_allowed_host"),
        ("https://rates.example.other.example/", "not_allowed_host"),
        ("https://rates.example:8444/", "not_allowed_host"),
        ("https://rates.example:0/", "not_allowed_host"),
        ("https://sub.rates.example/", "not_allowed_host"),
        ("https://rates.example./", "bad_address"),
        ("https://user@rates.example/", "bad_address"),
        ("https://user:word@rates.example/", "bad_address"),
        ("https://other.example@rates.example/", "bad_address"),
        ("https://rates.example\\@other.example/", "bad_address"),
        ("https://rates.example/a b", "bad_address"),
        ("https://rates.example/\n", "bad_address"),
        ("https://rätes.example/", "bad_address"),
        ("https://rates.example:port/", "bad_address"),
        ("https://rates.example:70000/", "bad_address"),
        ("https://[::1/", "bad_address"),
        ("https://rates.example/" + "x" * 1979, "bad_address"),
    ],
)
def test_any_other_address_is_refused_by_name(address: str, code: str) -> None:
    assert refusal(address) == code


def test_the_longest_address_has_two_thousand_characters() -> None:
    assert target_of("https://rates.example/" + "x" * 1978, policy=POLICY).host == "rates.example"


@pytest.mark.parametrize(
    "address",
    [
        "10.0.0.1", "172.16.0.1", "192.168.1.1", "127.0.0.1", "127.8.8.8", "169.254.169.254", "0.0.0.0", "100.64.0.1",
        "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "::", "::1", "fe80::1",
        "fe80::1%eth0", "fc00::1", "fd12::1", "fec0::1", "ff02::1", "2001:db8::1", "::ffff:10.0.0.1",
        "::ffff:8.8.8.8", "::ffff:127.0.0.1", "2002:0a00:0001::1", "2001:0:0a00:1::1", "64:ff9b::a00:1",
        "64:ff9b:1::1", "::10.0.0.1",
    ],
)  # fmt: skip
def test_an_address_that_is_not_public_is_refused(address: str) -> None:
    assert not is_public(ip_address(address))
    for addresses in ([address], ["93.184.216.34", address]):
        with pytest.raises(FetchRefused) as caught:
            refuse_private(SECURE, addresses, policy=POLICY)
        assert caught.value.code == "private_address"


def test_a_public_address_may_be_asked() -> None:
    assert is_public(ip_address("93.184.216.34"))
    refuse_private(SECURE, ["93.184.216.34", "2a00:1450:4001::1"], policy=POLICY)


def test_this_machine_may_be_asked_only_when_the_setting_says_so() -> None:
    refuse_private(SECURE, ["127.0.0.1", "::1"], policy=HERE)
    for address in ("::ffff:127.0.0.1", "10.0.0.1"):
        with pytest.raises(FetchRefused):
            refuse_private(SECURE, [address], policy=HERE)
    with pytest.raises(FetchRefused):
        refuse_private(Target("http", "rates.example", 80, "/"), ["93.184.216.34"], policy=HERE)


@given(st.one_of(st.text(max_size=60), st.text(max_size=30).map(lambda text: f"https://{text}")))
def test_no_text_does_anything_but_pass_or_be_refused(text: str) -> None:
    try:
        target = target_of(text, policy=POLICY)
    except FetchRefused:
        return
    assert target.authority in POLICY.hosts
