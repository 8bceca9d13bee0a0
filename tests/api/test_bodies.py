"""A body means one thing or is refused."""

import json
from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.api.bodies import UnreadableBody, read_json

REFUSED = {
    "nothing": b"",
    "half": b'{"kind": ',
    "two values": b"{} {}",
    "not UTF-8": b'{"kind": "\xff"}',
    "UTF-16": '{"kind": 1}'.encode("utf-16"),
    "NaN": b'{"weight_mg": NaN}',
    "Infinity": b'{"weight_mg": -Infinity}',
    "a name twice": b'{"weight_mg": 1, "weight_mg": 2}',
    "a name twice, deeper": b'{"answers": {"kind": {"form": "cut", "form": "bar"}}}',
    "twenty-one digits": b'{"weight_mg": 123456789012345678901}',
    "five thousand digits": b"[" + b"9" * 5000 + b"]",
    "a long fraction": b"[0." + b"1" * 30 + b"]",
    "twenty-one levels": b"[" * 21 + b"]" * 21,
    "thirty thousand levels": b"[" * 30_000,
    "thirty thousand objects": b'{"a":' * 30_000,
    "a null character": b'{"label": "a\\u0000b"}',
    "a null character in a name": b'{"a\\u0000b": 1}',
    "half a surrogate pair": b'{"label": "\\ud83d"}',
    "a comment": b"{} // done",
    "single quotes": b"{'kind': 'gold'}",
}


@pytest.mark.parametrize("raw", REFUSED.values(), ids=REFUSED)
def test_what_has_no_one_meaning_is_refused(raw: bytes) -> None:
    with pytest.raises(UnreadableBody):
        read_json(raw)


def test_what_has_one_meaning_is_read() -> None:
    assert read_json(b'{"a": [1, true, null, "\\ud83d\\udc8e"], "b": 1.50}') == {
        "a": [1, True, None, "💎"],
        "b": Decimal("1.50"),
    }
    assert read_json(b"[" * 20 + b"]" * 20)


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(raw: bytes) -> None:
    with suppress(UnreadableBody):
        read_json(raw)


plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**15), 10**15)
    | st.text(st.characters(exclude_categories=["Cs", "Cc"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc/~", max_size=3), inner, max_size=3),
    max_leaves=10,
)


@settings(deadline=None)
@given(plain)
def test_what_json_writes_is_read_as_it_was(value: object) -> None:
    assert read_json(json.dumps(value).encode()) == value
