"""The words of a check's finding, and what it rests on. Pure."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from marketplace.core.text import N_

FINDINGS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "as_described": N_("What was seen fits the description"),
        "differs": N_("What was seen differs from the description"),
        "open": N_("It cannot be told from what was seen"),
    }
)
SEEN: Final[Mapping[str, str]] = MappingProxyType(
    {
        "photos": N_("The photos and papers"),
        "goods": N_("The goods themselves"),
        "laboratory": N_("A report of a laboratory"),
    }
)
TONES: Final[Mapping[str, str]] = MappingProxyType({"as_described": "good", "differs": "bad", "open": "warn"})
