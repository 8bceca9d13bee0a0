"""Give every reader its share of the inputs and count what it says."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from marketplace.audit.tlog.errors import TlogError
from tests.fuzz.inputs import CHUNK, inputs
from tests.fuzz.readers import READERS, Reader


class Broken(Exception):
    """An input that a reader did not answer as it declares."""


@dataclass(slots=True)
class Tally:
    """How many inputs each reader got, and the codes of its refusals."""

    inputs: Counter[str] = field(default_factory=Counter)
    codes: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))


def run(*, inputs: int, seed: int) -> Tally:
    """Try so many inputs (whole chunks, each reader in turn); raises Broken with the first that breaks one."""
    tally = Tally()
    names = sorted(READERS)
    for number in range(-(-inputs // CHUNK)):
        name = names[number % len(names)]
        _try_chunk(tally, name=name, reader=READERS[name], seed=seed + number)
    return tally


def _try_chunk(tally: Tally, *, name: str, reader: Reader, seed: int) -> None:
    for raw in inputs(seed, reader.samples):
        tally.inputs[name] += 1
        try:
            written = reader.read(raw)
        except TlogError as refusal:
            tally.codes[name][refusal.code] += 1
        except Exception as error:
            raise Broken(f"{name}, seed {seed}: {error!r} at {raw[:2000]!r}") from error
        else:
            if written is not None and written != raw:
                raise Broken(f"{name}, seed {seed}: read and written again as {written[:2000]!r}: {raw[:2000]!r}")
