"""Who acts: a person, the system's clock or a payment provider."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID


class StaffRole(StrEnum):
    """Duties of Pact staff; a person may hold several, never both sides of one decision."""

    MODERATOR = "moderator"
    VERIFIER = "verifier"
    CURATOR = "curator"
    FINANCE = "finance"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class MemberRole(StrEnum):
    """What an officer of a cooperative may do."""

    SECRETARY = "secretary"
    SIGNATORY = "signatory"
    VIEWER = "viewer"


class ActorKind(StrEnum):
    """What kind of party acts."""

    PERSON = "person"
    VISITOR = "visitor"
    CLOCK = "clock"
    PROVIDER = "provider"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """The party a unit of work acts for; queries and services decide by it."""

    kind: ActorKind
    user_id: UUID | None = None
    name: str = ""
    language: str = "en"
    staff_roles: frozenset[StaffRole] = frozenset()
    memberships: Mapping[UUID, MemberRole] = field(default_factory=dict)
    buyer_id: UUID | None = None
    buyer_level: int = 0

    @property
    def is_staff(self) -> bool:
        """Tell whether the actor works for Pact in any role."""
        return bool(self.staff_roles)

    def has_role(self, *roles: StaffRole) -> bool:
        """Tell whether the actor holds one of the staff roles."""
        return bool(self.staff_roles.intersection(roles))

    def may_write_for(self, cooperative_id: UUID) -> bool:
        """Tell whether the actor may change things of the cooperative."""
        return self.memberships.get(cooperative_id) in (MemberRole.SECRETARY, MemberRole.SIGNATORY)


VISITOR = Actor(kind=ActorKind.VISITOR)
CLOCK = Actor(kind=ActorKind.CLOCK, name="clock")
PROVIDER = Actor(kind=ActorKind.PROVIDER, name="payment provider")
SYSTEM = Actor(kind=ActorKind.SYSTEM, name="system")


@dataclass(frozen=True, slots=True)
class RequestContext:
    """Where a change came from; kept as erasable disclosures of the audit entry.

    `device` is the digest of the number the browser keeps; it goes into the sign-in session only, not into the log.
    """

    request_id: str = ""
    address: str = ""
    agent: str = ""
    device: str = ""
