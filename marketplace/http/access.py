"""Who may call a view. A view that declares nothing stops the application before it serves anything."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from flask import Flask

from marketplace.accounts.queries import Viewer
from marketplace.core.actor import MemberRole, StaffRole
from marketplace.core.errors import DomainError, Forbidden

View = TypeVar("View", bound=Callable[..., Any])
FRESH = timedelta(minutes=15)


class SignInNeeded(DomainError):
    """The page is for people who are signed in."""

    code = "sign_in_needed"


class SecondFactorNeeded(DomainError):
    """Staff must pass, or first set up, their second factor; `fresh` asks for it again."""

    code = "second_factor_needed"


class EmailNotConfirmed(DomainError):
    """The person has not opened the link in our mail yet."""

    code = "email_not_confirmed"


@dataclass(frozen=True, slots=True)
class Rule:
    """What a view asks of its caller."""

    name: str
    signed_in: bool = True
    confirmed: bool = True
    staff: frozenset[StaffRole] = frozenset()
    member: frozenset[MemberRole] = frozenset()
    buyer: bool = False
    second_factor: bool = True
    fresh: bool = False
    token: bool = False


PUBLIC = Rule("public", signed_in=False, confirmed=False, second_factor=False)
# Signed in, but not necessarily confirmed or past the second factor: the pages where these are mended.
HALF_SIGNED_IN = Rule("half_signed_in", confirmed=False, second_factor=False)
SIGNED_IN = Rule("signed_in")
BUYER = Rule("buyer", buyer=True)
MEMBER = Rule("member", member=frozenset(MemberRole))
WRITER = Rule("writer", member=frozenset({MemberRole.SECRETARY, MemberRole.SIGNATORY}))
# The provider signs its calls; the view itself checks the signature on the raw bytes.
SIGNED_BY_PROVIDER = Rule("signed_by_provider", signed_in=False, confirmed=False, second_factor=False)
API_TOKEN = Rule("api_token", signed_in=False, confirmed=False, second_factor=False, token=True)


def staff(*roles: StaffRole, fresh: bool = False) -> Rule:
    """Return the rule for staff holding one of `roles` (any role when none is named)."""
    wanted = frozenset(roles or tuple(StaffRole))
    return Rule("staff:" + "+".join(sorted(wanted)) + (":fresh" if fresh else ""), staff=wanted, fresh=fresh)


def allow(rule: Rule) -> Callable[[View], View]:
    """Declare who may call the view."""

    def mark(view: View) -> View:
        view.__access__ = rule  # type: ignore[attr-defined]
        return view

    return mark


def rules_of(view: Callable[..., Any]) -> Mapping[str, Rule] | Rule | None:
    """Return the declared rule, or one per method for a class of methods, or None."""
    view_class = getattr(view, "view_class", None)
    if view_class is None:
        return getattr(view, "__access__", None)
    methods = {name: getattr(view_class, name.lower(), None) for name in view_class.methods or ()}
    found = {name: getattr(method, "__access__", None) for name, method in methods.items()}
    return None if not found or None in found.values() else {key: rule for key, rule in found.items() if rule}


class UndeclaredAccess(RuntimeError):
    """A view says nothing about who may call it."""


def declared_rules(app: Flask, excused: Mapping[str, Rule]) -> dict[str, Mapping[str, Rule] | Rule]:
    """Return every endpoint's rule; raise UndeclaredAccess naming all that have none."""
    found = {endpoint: excused.get(endpoint) or rules_of(view) for endpoint, view in app.view_functions.items()}
    missing = sorted(endpoint for endpoint, rule in found.items() if rule is None)
    if missing:
        raise UndeclaredAccess(f"no @allow(...) on: {', '.join(missing)}")
    return {endpoint: rule for endpoint, rule in found.items() if rule is not None}


def check(rule: Rule, viewer: Viewer | None, *, now: datetime) -> None:
    """Raise what keeps `viewer` out; return when she may pass. `now` is business time."""
    if not rule.signed_in:
        return
    if viewer is None:
        raise SignInNeeded
    if rule.confirmed and not viewer.is_email_confirmed:
        raise EmailNotConfirmed
    if not _has_duty(rule, viewer):
        raise Forbidden
    needs_factor = viewer.is_staff or viewer.has_second_factor
    if rule.second_factor and needs_factor and viewer.second_factor_at is None:
        raise SecondFactorNeeded
    if rule.fresh and (viewer.second_factor_at is None or now - viewer.second_factor_at > FRESH):
        raise SecondFactorNeeded


def _has_duty(rule: Rule, viewer: Viewer) -> bool:
    if rule.staff:
        return bool(rule.staff & viewer.staff_roles)
    if rule.member:
        return bool(rule.member.intersection(viewer.memberships.values()))
    if rule.buyer:
        return viewer.buyer_id is not None
    return True
