"""Tell the journey of a lot what an order knows of it: parcels, receipts, acceptance, the independent check."""

from marketplace.custody.services import automatic
from marketplace.custody.services.automatic import Consignment, Found, Goods
from marketplace.lots.models import LotVersion
from marketplace.orders.answers import Finding
from marketplace.orders.models import Order, Shipment
from marketplace.orders.transitions import Action, LotMove, Row, State
from marketplace.unit_of_work import UnitOfWork


def tell_sent(uow: UnitOfWork, *, order: Order, shipment: Shipment) -> None:
    """Tell that a parcel left."""
    parcel = Consignment(
        leg=shipment.leg,
        carrier=shipment.carrier,
        waybill=shipment.tracking,
        seal_number=shipment.seal_number,
        weight_mg=shipment.weight_mg,
        insured=f"{shipment.insured_minor} {shipment.currency} minor",
        to_verifier=shipment.leg == "out" and order.wants_verification,
        reason="rejected" if shipment.leg == "back" else "",
    )
    automatic.sent(uow, goods=_goods(order), parcel=parcel)


def tell_arrived(uow: UnitOfWork, *, order: Order, shipment: Shipment, at_verifier: bool = False) -> None:
    """Tell that a parcel came, and what was found."""
    found = Found(
        leg=shipment.leg,
        seal_intact=shipment.seal_intact,
        weight_mg=shipment.received_weight_mg,
        at_verifier=at_verifier,
    )
    automatic.arrived(uow, goods=_goods(order), found=found)


def tell_checked(uow: UnitOfWork, *, order: Order, finding: Finding) -> None:
    """Tell what the independent check found: the fineness of gold, or whether the goods are as listed."""
    kind = uow.session.get_one(LotVersion, order.version_id).content["kind"]
    fineness = finding.fineness_permille
    result = f"{fineness} ‰" if fineness is not None else ("as_listed" if finding.is_match else "not_as_listed")
    automatic.assayed(
        uow,
        goods=_goods(order),
        result=result,
        certificate=finding.certificate,
        method="fire_assay" if kind == "gold" and fineness is not None else "other",
    )


def tell_moved(uow: UnitOfWork, *, order: Order, row: Row) -> None:
    """Tell that the buyer accepted; a decision that ends a dispute is no acceptance."""
    if row.lot is LotMove.SELL and row.target is State.ACCEPTED:
        how = "by_buyer" if row.action in {Action.ACCEPT, Action.AGREE_ADJUSTMENT} else "by_silence"
        automatic.accepted(uow, goods=_goods(order), how=how, lines=order.settled_split or order.split)


def _goods(order: Order) -> Goods:
    return Goods(
        lot_id=order.lot_id,
        version_id=order.version_id,
        order_id=order.id,
        part_mg=order.quantity_mg,
        country=order.delivery["country"],
    )
