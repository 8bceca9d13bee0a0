"""The chain of custody model of a lot after ISO 22095:2020: what mixing left of its identity. It may only weaken.

Identity preserved: goods of one source are kept apart. Segregated: goods of several sources, all of them under the
same rules, are mixed. Controlled blending: goods of other origin are mixed in, in known shares. Mass balance: shares
are kept in the books only.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from marketplace.custody.record import MODELS

STRONGEST: Final = MODELS[0]
SEGREGATED: Final = MODELS[1]
CONTROLLED_BLENDING: Final = MODELS[2]


class Source(NamedTuple):
    """An input of a mix: its own model, its mine sites, whether its record is in this marketplace."""

    model: str
    sites: frozenset[str]
    is_recorded: bool = True


def strength(model: str) -> int:
    """Return 0 for the strongest model and more for each weaker one; raise ValueError for an unknown one."""
    return MODELS.index(model)


def weakest(first: str, *more: str) -> str:
    """Return the weakest of the models; raise ValueError for an unknown one."""
    return max((first, *more), key=strength)


def may_follow(before: str, after: str) -> bool:
    """Say whether a lot of model `before` may become `after`: the same or a weaker one."""
    return strength(after) >= strength(before)


def model_of_mix(sources: Sequence[Source], *, chosen: str | None = None) -> str:
    """Return the strongest model that a mix may claim, or `chosen` where that is weaker.

    One site keeps its identity; several sites make it segregated; an input without a record makes it controlled
    blending. Raise ValueError without inputs or for an unknown model.
    """
    models = [each.model for each in sources]
    sites = frozenset().union(*(each.sites for each in sources))
    if not all(each.is_recorded for each in sources):
        models.append(CONTROLLED_BLENDING)
    elif len(sites) != 1:
        models.append(SEGREGATED)
    if chosen is not None:
        models.append(chosen)
    return weakest(*models)
