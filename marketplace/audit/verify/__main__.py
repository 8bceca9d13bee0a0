"""`python -m marketplace.audit.verify`, or `python FOLDER/verify` after copying `tlog` and `verify` side by side."""

import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType


def start() -> int:
    """Run the command line; as a folder on its own it first gets the package that its imports are relative to."""
    package = __package__
    if not package:
        outer = ModuleType("copied_verifier")
        outer.__path__ = [str(Path(__file__).resolve().parent.parent)]
        sys.modules[outer.__name__] = outer
        package = f"{outer.__name__}.verify"
    code: int = import_module(f"{package}.command_line").main()
    return code


if __name__ == "__main__":
    sys.exit(start())
