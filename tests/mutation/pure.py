"""Print what `make pure-coverage` runs and covers, as pyproject.toml names it: one list for both commands."""

import sys

from tests.mutation.report import modules, settings

if __name__ == "__main__":
    if sys.argv[1] == "modules":
        print(",".join(modules()))
    else:
        print(" ".join(settings()["pytest_add_cli_args_test_selection"]))
