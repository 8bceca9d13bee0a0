"""Every formula that ever made a guide, by its version; what an earlier one computes never changes."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from marketplace.pricing.guidance import formula_1, formula_2
from marketplace.pricing.guidance.result import Guidance, GuidanceInputs

FORMULAS: Final[Mapping[str, Callable[[GuidanceInputs], Guidance]]] = MappingProxyType(
    {"1": formula_1.compute, "2": formula_2.compute}
)
# What new guides are made with.
compute: Final = formula_2.compute
