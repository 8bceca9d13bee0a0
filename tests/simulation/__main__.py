"""`python -m tests.simulation`: see tests/simulation/many.py."""

import sys

from tests.simulation.many import main

if __name__ == "__main__":
    sys.exit(main())
