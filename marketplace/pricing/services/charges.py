"""Change the charges of countries: one curator proposes, another approves; nobody verifies a row of her own."""

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from marketplace.core.errors import Conflict, DomainError, Forbidden, TransitionRefused
from marketplace.core.text import N_
from marketplace.pricing.labels import CHARGE_LABELS
from marketplace.pricing.models import Approval, DeductionRule, PriceStandardRow
from marketplace.pricing.queries.rules import charge_by_id, rules_like, standard_by_code
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


def approve_charge(uow: UnitOfWork, *, rule_id: UUID) -> DeductionRule:
    """Put a proposed charge into force and end the one it replaces the day before; not by who proposed it."""
    rule = _proposed(uow, rule_id, action="approve")
    if rule.entered_by == _who(uow):
        raise Forbidden(N_("Somebody else must approve what you proposed."))
    _refuse_overlap(uow, rule)
    for former in _running_into(uow, rule):
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
    """Raise ChargeOverlaps when a rule in force for the same charge begins on the first day or later."""
    assert rule.valid_from is not None, "a proposal has a first day"
    later = [
        former.valid_from
        for former in rules_like(uow.session, rule)
        if former.valid_from is not None and former.valid_from >= rule.valid_from
    ]
    if later:
        raise ChargeOverlaps(day=min(later))


def _running_into(uow: UnitOfWork, rule: DeductionRule) -> list[DeductionRule]:
    """Return the rules in force for the same charge that would still run on the first day of the new one."""
    assert rule.valid_from is not None, "a proposal has a first day"
    return [
        former
        for former in rules_like(uow.session, rule, lock=True)
        if former.valid_to is None or former.valid_to >= rule.valid_from
    ]


def _words(text: str) -> str:
    cleaned = " ".join(text.split())
    if not cleaned or len(cleaned) > LONGEST_WORDS or "\x00" in cleaned:
        raise ChargeRefused(N_("Say in a few words why, or what it was compared with."))
    return cleaned


def _who(uow: UnitOfWork) -> str:
    return str(uow.actor.user_id or uow.actor.name)
