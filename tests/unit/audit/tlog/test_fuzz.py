"""A small part of `python -m tests.fuzz`, and that it would notice a broken reader."""

from contextlib import suppress

import pytest

from marketplace.audit.tlog.errors import DoesNotHold
from tests.fuzz import running
from tests.fuzz.inputs import CHUNK, inputs
from tests.fuzz.readers import READERS, Reader
from tests.fuzz.running import Broken, run


@pytest.mark.parametrize("name", READERS)
def test_every_reader_reads_its_samples(name: str) -> None:
    for sample in READERS[name].samples:
        # one of the sample proofs is of another entry, one has no path
        with suppress(DoesNotHold):
            READERS[name].read(sample)


def test_some_thousand_broken_inputs_raise_only_what_is_declared() -> None:
    tally = run(inputs=len(READERS) * CHUNK, seed=20_000)
    assert tally.inputs == dict.fromkeys(READERS, CHUNK)
    for name, codes in tally.codes.items():
        assert CHUNK // 2 < codes.total() <= CHUNK, name


def test_the_same_seed_gives_the_same_inputs() -> None:
    assert list(inputs(7, [b"gold"])) == list(inputs(7, [b"gold"])) != list(inputs(8, [b"gold"]))


def test_a_reader_that_raises_something_else_or_rewrites_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    for read, complaint in ((lambda raw: bytes([raw[9]]), "IndexError"), (lambda raw: raw + b"\n", "written again")):
        monkeypatch.setattr(running, "READERS", {"planted": Reader(read, [b"gold"])})
        with pytest.raises(Broken, match=f"^planted, seed 1: .*{complaint}"):
            run(inputs=1, seed=1)
