"""Inputs from a seed: noise, and valid samples that were broken a little."""

import random
from collections.abc import Callable, Iterator, Sequence
from typing import Final

# One seed gives so many inputs, so that any of them can be made again without those before it.
CHUNK: Final = 1_000
_NOISE_SHARE: Final = 0.1
_TOKENS: Final = (
    b"\n", b"\n\n", b"\r\n", b"\r", b"\x00", b"\x7f", b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xf4\x90\x80\x80",
    "—".encode(), "— ".encode(), "\u00a0".encode(), "\u2028".encode(), "\u0663".encode(), b" ", b"\t", b"+", b"=",
    b"==", b"A===", b"0", b"00", b"-1", b"9223372036854775807", b"9223372036854775808", b"1" * 5000, b"1e400", b"NaN",
    b"[" * 3000, b"{", b"}", b'"', b"\\ud800", b'{"a":1,"a":2}', b"x000/", b"..", b"/", b".p/", b"256", b"entries",
    b"none", b"all", b"group g 1 a\n", b"quorum none\n", b"# ", b"extra YQ==\n", b"index 0\n", b"old 0\n", b"A" * 70000,
)  # fmt: skip
Change = Callable[[random.Random, bytes, Sequence[bytes]], bytes]


def inputs(seed: int, samples: Sequence[bytes]) -> Iterator[bytes]:
    """Yield CHUNK inputs; one in ten is noise, the others are samples with one to four changes."""
    chance = random.Random(seed)
    for _ in range(CHUNK):
        if chance.random() < _NOISE_SHARE:
            yield chance.randbytes(chance.choice((0, 1, 2, 7, 33, 300)))
            continue
        raw = chance.choice(samples)
        for _ in range(chance.randint(1, 4)):
            raw = chance.choice(_CHANGES)(chance, raw, samples)
        yield raw


def _flip(chance: random.Random, raw: bytes, _: Sequence[bytes]) -> bytes:
    place = chance.randrange(len(raw) + 1)
    return raw[:place] + bytes([chance.randrange(256)]) + raw[place + 1 :]


def _flip_bit(chance: random.Random, raw: bytes, _: Sequence[bytes]) -> bytes:
    if not raw:
        return raw
    place = chance.randrange(len(raw))
    return raw[:place] + bytes([raw[place] ^ 1 << chance.randrange(8)]) + raw[place + 1 :]


def _cut(chance: random.Random, raw: bytes, _: Sequence[bytes]) -> bytes:
    begin, end = _span(chance, raw)
    return raw[:begin] + raw[end:]


def _repeat(chance: random.Random, raw: bytes, _: Sequence[bytes]) -> bytes:
    begin, end = _span(chance, raw)
    return raw[:end] + raw[begin:end] * chance.randint(0, 17) + raw[end:]


def _truncate(chance: random.Random, raw: bytes, _: Sequence[bytes]) -> bytes:
    return raw[: chance.randrange(len(raw) + 1)]


def _insert(chance: random.Random, raw: bytes, _: Sequence[bytes]) -> bytes:
    place = chance.randrange(len(raw) + 1)
    return raw[:place] + chance.choice(_TOKENS) + raw[place:]


def _repeat_line(chance: random.Random, raw: bytes, _: Sequence[bytes]) -> bytes:
    lines = raw.splitlines(keepends=True) or [b""]
    place = chance.randrange(len(lines))
    return b"".join([*lines[:place], *[lines[place]] * chance.choice((0, 2, 3, 17, 64)), *lines[place + 1 :]])


def _swap_lines(chance: random.Random, raw: bytes, _: Sequence[bytes]) -> bytes:
    lines = raw.splitlines(keepends=True)
    chance.shuffle(lines)
    return b"".join(lines)


def _splice(chance: random.Random, raw: bytes, samples: Sequence[bytes]) -> bytes:
    other = chance.choice(samples)
    return raw[: chance.randrange(len(raw) + 1)] + other[chance.randrange(len(other) + 1) :]


def _span(chance: random.Random, raw: bytes) -> tuple[int, int]:
    begin = chance.randrange(len(raw) + 1)
    return begin, min(len(raw), begin + chance.choice((1, 2, 8, 40)))


_CHANGES: Final[tuple[Change, ...]] = (
    _flip, _flip_bit, _cut, _repeat, _truncate, _insert, _repeat_line, _swap_lines, _splice,
)  # fmt: skip
