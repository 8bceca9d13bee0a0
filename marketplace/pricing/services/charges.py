"""Change the charges of countries: one curator proposes, another approves; nobody verifies a row of her own."""

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, select

from marketplace.core.errors import Conflict, DomainError, Forbidden, TransitionRefused
from marketplace.core.text import N_
from marketplace.pricing.labels import CHARGE_LABELS
from marketplace.pricing.models import Approval, DeductionRule, PriceStandardRow, RuleStatus
from marketplace.pricing.queries.rules import (
    charge_by_id,
    ended_by,
    rules_like,
    rules_of_charge,
    standard_by_code,
)
from marketplace.unit_of_work import UnitOfWork

LONGEST_WORDS = 500


class ChargeRefused(DomainError):
    """The charge cannot be: its words are missing or it contradicts a rule in force."""

    code = "charge_refused"
    message = N_("This charge cannot be recorded. Check it.")


class ChargeOverlaps(Conflict):
    """A rule for the same goods already begins on that day or after it."""

    code = "charge_overlaps"
    message = N_("A rule for the same charge begins on %(day)s or later. Choose a later first day.")


class CoversOtherForms(Conflict):
    """A rule in force already takes this charge of some of the same goods, under another form."""

    code = "covers_other_forms"
    message = N_("Another rule already takes this charge, for the form %(form)s. Change that one, or end it first.")


class NotAsSeen(Conflict):
    """What the new rule would end is not what the page showed."""

    code = "not_as_seen"
    message = N_("The rules in force changed since you opened this page. Look again, then decide.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeProposal:
    """Hold a charge as a curator proposes it; `rate` is a share of one, None where it is not known."""

    country: str
    kind: str
    form: str
    code: str
    rate: Decimal | None
    basis: str
    base: str
    base_share: Decimal
    limit_mg: int | None
    payee: str
    status: str
    reason: str
    valid_from: date
    valid_to: date | None
    evidence: str
    source: str


def propose_charge(uow: UnitOfWork, *, proposal: ChargeProposal) -> DeductionRule:
    """Propose a charge; it counts for nobody until a second curator approves it. Raises ChargeOverlaps."""
    rule = DeductionRule(
        **asdict(proposal),
        label=CHARGE_LABELS[proposal.code],
        verified_by=None,
        verification="",
        approval=Approval.PROPOSED.value,
        entered_by=_who(uow),
        entered_at=uow.now,
    )
    _refuse_overlap(uow, rule)
    uow.session.add(rule)
    uow.record("deduction_rule.propose", rule, rate=str(proposal.rate), source=proposal.source)
    return rule


def approve_charge(uow: UnitOfWork, *, rule_id: UUID, ending: frozenset[UUID]) -> DeductionRule:
    """Put a proposed charge into force and end the one it replaces the day before; not by who proposed it.

    `ending` are the rules that the approver was shown as ending; raises NotAsSeen when others would end.
    """
    rule = _proposed(uow, rule_id, action="approve")
    if rule.entered_by == _who(uow):
        raise Forbidden(N_("Somebody else must approve what you proposed."))
    # One approval of a charge at a time: a rule that another one puts into force is seen here.
    uow.session.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"{rule.country} {rule.kind} {rule.code}"))))
    _refuse_overlap(uow, rule)
    replaced = ended_by(uow.session, rule)
    if {former.id for former in replaced} != ending:
        raise NotAsSeen
    for former in replaced:
        assert rule.valid_from is not None, "a proposal has a first day"
        former.valid_to = rule.valid_from - timedelta(days=1)
        uow.record("deduction_rule.end", former, last_day=former.valid_to.isoformat(), replaced_by=str(rule.id))
    rule.approval = Approval.IN_FORCE.value
    rule.approved_by, rule.approved_at = _who(uow), uow.now
    uow.record("deduction_rule.approve", rule)
    return rule


def decline_charge(uow: UnitOfWork, *, rule_id: UUID, reason: str) -> DeductionRule:
    """Decline a proposed charge with a reason; its proposer may withdraw it so too."""
    rule = _proposed(uow, rule_id, action="decline")
    rule.approval = Approval.DECLINED.value
    uow.record("deduction_rule.decline", rule, reason=_words(reason))
    return rule


def verify_charge(uow: UnitOfWork, *, rule_id: UUID, against: str) -> DeductionRule:
    """Note that a charge in force was compared with the law, and with what; not by who entered it."""
    rule = charge_by_id(uow.session, rule_id, lock=True)
    if rule.approval != Approval.IN_FORCE:
        raise TransitionRefused(rule.approval, "verify", legal=())
    if rule.entered_by == _who(uow):
        raise Forbidden(N_("Somebody else must verify what you entered."))
    rule.verified_by, rule.verified_at, rule.verification = _who(uow), uow.now, _words(against)
    uow.record("deduction_rule.verify", rule, against=rule.verification)
    return rule


def verify_standard(uow: UnitOfWork, *, code: str, against: str) -> PriceStandardRow:
    """Note that what a standard promises was compared with its text, and with which."""
    standard = standard_by_code(uow.session, code, lock=True)
    standard.verified_by, standard.verified_at, standard.verification = _who(uow), uow.now, _words(against)
    uow.record("price_standard.verify", standard, against=standard.verification)
    return standard


def _proposed(uow: UnitOfWork, rule_id: UUID, *, action: str) -> DeductionRule:
    rule = charge_by_id(uow.session, rule_id, lock=True)
    if rule.approval != Approval.PROPOSED:
        raise TransitionRefused(rule.approval, action, legal=())
    return rule


def _refuse_overlap(uow: UnitOfWork, rule: DeductionRule) -> None:
    """Raise ChargeOverlaps when a rule like it begins later, CoversOtherForms when two would count at once."""
    assert rule.valid_from is not None, "a proposal has a first day"
    like = rules_like(uow.session, rule)
    later = [
        former.valid_from for former in like if former.valid_from is not None and former.valid_from >= rule.valid_from
    ]
    if later:
        raise ChargeOverlaps(day=min(later))
    for other in rules_of_charge(uow.session, rule):
        if other.form != rule.form and "any" in {other.form, rule.form} and _both_count(other, rule):
            raise CoversOtherForms(form=other.form)


def _both_count(one: DeductionRule, other: DeductionRule) -> bool:
    """Say whether two rules would be counted on one day; rows that are not counted contradict nothing."""
    is_same_time = (one.valid_to is None or other.valid_from is None or one.valid_to >= other.valid_from) and (
        other.valid_to is None or one.valid_from is None or other.valid_to >= one.valid_from
    )
    return is_same_time and RuleStatus.NOT_APPLIED not in {one.status, other.status}


def _words(text: str) -> str:
    cleaned = " ".join(text.split())
    if not cleaned or len(cleaned) > LONGEST_WORDS or "\x00" in cleaned:
        raise ChargeRefused(N_("Say in a few words why, or what it was compared with."))
    return cleaned


def _who(uow: UnitOfWork) -> str:
    return str(uow.actor.user_id or uow.actor.name)
