"""The independent check: a verifier opens the parcel between cooperative and buyer and says whether it matches."""

from decimal import Decimal

from marketplace.core.errors import Forbidden, InvalidInput
from marketplace.core.money import Money
from marketplace.lots.models import LotVersion
from marketplace.orders import assay
from marketplace.orders.answers import Finding, Parcel
from marketplace.orders.models import Order, VerificationReport
from marketplace.orders.queries import price_of
from marketplace.orders.services.advance import advance
from marketplace.orders.services.custody_news import tell_arrived, tell_checked
from marketplace.orders.services.following import agree_on
from marketplace.orders.services.shipping import check_tracking, newest_leg, send
from marketplace.orders.transitions import Action
from marketplace.unit_of_work import UnitOfWork


def confirm_match(uow: UnitOfWork, *, order: Order, finding: Finding, parcel: Parcel) -> VerificationReport:
    """Say that the goods match their listing, seal them again and send them on to the buyer."""
    if (wrong := check_tracking(uow.session, parcel)) is not None:
        raise InvalidInput({"tracking": wrong})
    advance(uow, order=order, action=Action.MATCH, certificate=finding.certificate, note=finding.note)
    report = _report(uow, order, finding)
    send(uow, order=order, parcel=parcel, leg="onward")
    if order.provisional_minor is not None:
        _price_by_assay(uow, order, finding)
    return report


def _price_by_assay(uow: UnitOfWork, order: Order, finding: Finding) -> None:
    """Set what the gold costs; the excess of what was paid goes back when the order is settled."""
    content = uow.session.get_one(LotVersion, order.version_id).content
    listed = assay.fine_mg(content["weight_mg"], Decimal(content["fineness_permille"]))
    assert finding.fineness_permille is not None, "the form of an assay asks for it"
    assert order.provisional_minor is not None
    final = assay.final_price(
        Money(order.provisional_minor, order.currency),
        listed_fine_mg=listed,
        assayed_fine_mg=assay.fine_mg(finding.weight_mg, finding.fineness_permille),
    )
    agree_on(order, price_of(order) - final)
    uow.record("order.price_by_assay", order, final=final, fineness_permille=finding.fineness_permille)


def report_mismatch(uow: UnitOfWork, *, order: Order, finding: Finding) -> VerificationReport:
    """Say that the goods are not what was listed: the parcel stays with the verifier until the dispute is decided."""
    facts = {"problem": "mismatch", "certificate": finding.certificate, "note": finding.note}
    advance(uow, order=order, action=Action.MISMATCH, **facts)
    return _report(uow, order, finding)


def _report(uow: UnitOfWork, order: Order, finding: Finding) -> VerificationReport:
    if uow.actor.user_id is None:
        raise Forbidden
    leg = newest_leg(uow, order=order)
    leg.delivered_at, leg.seal_intact, leg.received_weight_mg = uow.now, finding.seal_intact, finding.weight_mg
    uow.record("shipment.receive", leg, order, seal_intact=finding.seal_intact, weight_mg=finding.weight_mg)
    report = VerificationReport(
        order_id=order.id,
        is_match=finding.is_match,
        seal_intact=finding.seal_intact,
        weight_mg=finding.weight_mg,
        fineness_permille=finding.fineness_permille,
        certificate=finding.certificate,
        note=finding.note,
        verified_by=uow.actor.user_id,
        verified_at=uow.now,
    )
    uow.session.add(report)
    uow.record("verification_report.make", report, order, is_match=finding.is_match)
    tell_arrived(uow, order=order, shipment=leg, at_verifier=True)
    tell_checked(uow, order=order, finding=finding)
    return report
