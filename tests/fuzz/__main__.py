"""`python -m tests.fuzz --inputs 1000000`: broken notes, proofs, policies, tiles and exports for the log's readers.

Exits 1 at the first input that a reader answers with anything but the errors it declares; the input is printed.
"""

import argparse
import sys
import time

from tests.fuzz.inputs import CHUNK
from tests.fuzz.running import Broken, Tally, run


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--inputs", type=int, default=1_000_000, help="how many inputs to try")
    parser.add_argument("--seed", type=int, default=1, help=f"where to begin; one seed gives {CHUNK} inputs")
    options = parser.parse_args()
    begun = time.perf_counter()
    try:
        tally = run(inputs=options.inputs, seed=options.seed)
    except Broken as broken:
        print(f"BROKEN: {broken}")
        return 1
    _tell(tally, seconds=time.perf_counter() - begun)
    return 0


def _tell(tally: Tally, *, seconds: float) -> None:
    print(f"{'reader':<18}{'inputs':>10}{'read':>10}{'refused':>10}  codes")
    for name in sorted(tally.inputs):
        refused = sum(tally.codes[name].values())
        codes = " ".join(f"{code}:{count}" for code, count in tally.codes[name].most_common())
        print(f"{name:<18}{tally.inputs[name]:>10}{tally.inputs[name] - refused:>10}{refused:>10}  {codes}")
    total = tally.inputs.total()
    print(f"{total} inputs in {seconds:.0f} s ({total / seconds:.0f} a second), no uncaught error")


if __name__ == "__main__":
    sys.exit(main())
