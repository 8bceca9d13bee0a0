"""Which parties belong together: everybody who shares a strong mark, directly or through others, is one group.

A party is a cooperative or a buyer; a mark is something two parties have in common. Marks come here as digests, so
that nothing personal is compared, kept or logged.

Strong marks join, because two strangers do not share them by chance:
- person: one human being stands on both sides (an officer, the buyer, who entered the party, who invited whom);
- device: one browser signed in for both; it keeps a random number of 256 bits that only we gave it;
- payout: both are paid to one account;
- payment: both paid with one card or account, by the provider's own name of it;
- company: both are one registered company, by the number that staff entered;
- address: the goods of both went to one street and house;
- telephone: one line rings for both;
- domain: both write from the e-mail domain of one company.

Weak marks never join, alone or together, however many there are:
- network: a village on one satellite dish, and thousands of customers of a mobile network, come from one network
  address. The same browser signature within a day adds little: most telephones send the same one since browsers
  stopped naming the model. Over 24 months honest neighbours meet there by chance, so sharing it says nothing;
- mail_provider: half the world has its mail at the same few providers.

Joining too much costs little: buyers at one freight agent count as one counterparty and no more. Joining too little
would let one person make a price, so there is no number of sharers from which a strong mark is overlooked.
"""

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Final, NamedTuple


class MarkKind(StrEnum):
    """What two parties have in common."""

    PERSON = "person"
    DEVICE = "device"
    PAYOUT = "payout"
    PAYMENT = "payment"
    COMPANY = "company"
    ADDRESS = "address"
    TELEPHONE = "telephone"
    DOMAIN = "domain"
    NETWORK = "network"
    MAIL_PROVIDER = "mail_provider"


WEAK: Final = frozenset({MarkKind.NETWORK, MarkKind.MAIL_PROVIDER})
STRONG: Final = frozenset(MarkKind) - WEAK


class Mark(NamedTuple):
    """A mark of a party: its kind and a digest of it; marks of different kinds never meet."""

    kind: MarkKind
    digest: str


def groups_of(marks: Mapping[str, Collection[Mark]]) -> dict[str, str]:
    """Return the group of every party: the smallest name in it, whatever the order of parties and marks.

    Union-find: the work grows with the number of marks, not with that of pairs.
    """
    leaders = {party: party for party in marks}
    first_with: dict[Mark, str] = {}
    for party, found in marks.items():
        for mark in found:
            if mark.kind in STRONG:
                _join(leaders, party, first_with.setdefault(mark, party))
    return {party: _leader(leaders, party) for party in leaders}


def _join(leaders: dict[str, str], one: str, other: str) -> None:
    smaller, larger = sorted((_leader(leaders, one), _leader(leaders, other)))
    leaders[larger] = smaller


def _leader(leaders: dict[str, str], party: str) -> str:
    while leaders[party] != party:
        leaders[party] = leaders[leaders[party]]  # halve the way for the next who asks
        party = leaders[party]
    return party
