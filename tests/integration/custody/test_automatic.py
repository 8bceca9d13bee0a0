"""Events that the marketplace knows by itself."""

from decimal import Decimal
from itertools import product

from sqlalchemy import select

from marketplace.audit.models import AuditEvent
from marketplace.core.actor import StaffRole
from marketplace.custody.chains import chain_of
from marketplace.custody.queries import record_of_lot
from marketplace.custody.record import CustodyStep, LotRecord
from marketplace.custody.rules.chain import Stand, Standing, standing
from marketplace.lots import services as lots
from marketplace.lots.models import Lot
from marketplace.moderation import services as moderation
from marketplace.orders import services as orders
from marketplace.orders.answers import Finding, Reason, Receipt
from marketplace.unit_of_work import UnitOfWork
from tests.builders.moderation import decided, moderator, waiting_lot
from tests.builders.offers import DUST, market
from tests.builders.orders import accepted_order, delivered_order, parcel, shipped_order
from tests.integration.orders.test_parts import finish
from tests.integration.orders.test_wishes import at_the_verifier
from tests.people import actor


def told(uow: UnitOfWork, lot: Lot) -> LotRecord:
    found = record_of_lot(uow.session, lot_id=lot.id)
    assert found is not None
    return found


def last(uow: UnitOfWork, lot: Lot) -> CustodyStep:
    return told(uow, lot).steps[-1]


def test_publishing_records_where_the_lot_was_found_and_its_seal(uow: UnitOfWork) -> None:
    case, lot, _ = waiting_lot(uow)
    decided(uow, case, moderator(uow))

    produced, tagged = told(uow, lot).steps

    assert (produced.number, produced.kind, produced.weight_after_mg, produced.pieces) == (1, "produced", 684, 1)
    assert produced.facts["miners_paid"] == "from_sale"
    assert len(produced.photo_sha256s) == 4
    assert produced.happened_at.date().isoformat() == produced.facts["mined_to"]
    assert (tagged.number, tagged.kind, tagged.tag_numbers) == (2, "tagged", ("TZ-104881",))
    assert tagged.facts["tag_origin"] == "other_issuer"


def test_every_step_names_the_entry_in_the_log_that_holds_its_digest(uow: UnitOfWork) -> None:
    case, lot, _ = waiting_lot(uow)
    decided(uow, case, moderator(uow))

    for step in told(uow, lot).steps:
        event = uow.session.scalars(select(AuditEvent).where(AuditEvent.event_id == step.audit_event_id)).one()
        assert event.action == "custody.record"
        assert event.target_id == str(step.id)


def test_a_parcel_its_receipt_and_the_acceptance_are_steps_of_the_journey(uow: UnitOfWork) -> None:
    sale = accepted_order(uow)

    steps = told(uow, sale.lot).steps

    assert [step.kind for step in steps] == ["produced", "tagged", "moved", "delivered", "accepted"]
    moved, delivered, accepted = steps[2:]
    assert (moved.party.role, moved.party.name, moved.seal_number) == ("carrier", "DHL", "PS-7781")
    assert [paper.kind for paper in moved.documents] == ["waybill"]
    assert moved.destination is not None
    assert (moved.destination.country, moved.destination.district) == ("DE", "")
    assert (delivered.facts["seal_intact"], delivered.weight_after_mg) == ("yes", 684)
    assert accepted.facts["how"] == "by_buyer"
    assert standing(chain_of(uow.session, sale.lot)).stand is Stand.ACCEPTED


def test_nobody_reads_who_bought_or_for_how_much(uow: UnitOfWork) -> None:
    record = told(uow, accepted_order(uow).lot)

    text = repr(record)

    assert "bob" not in text.lower()
    assert "Hamburg" not in text
    assert "124000" not in text


def test_the_split_of_the_first_sale_sums_to_the_whole(uow: UnitOfWork) -> None:
    record = told(uow, accepted_order(uow).lot)

    assert sum(line.share_bp for line in record.split) == 10_000
    assert {line.payee for line in record.split} >= {"cooperative", "platform"}


def test_a_broken_seal_is_told_as_it_was_found(uow: UnitOfWork) -> None:
    sale = shipped_order(uow)
    orders.receive(sale.as_buyer(), order=sale.order, receipt=Receipt(seal_intact=False, weight_mg=650))

    step = last(uow, sale.lot)

    assert (step.kind, step.facts["seal_intact"], step.weight_after_mg) == ("delivered", "no", 650)


def test_goods_that_go_back_are_returned_and_then_in_the_safe_place_of_the_cooperative(uow: UnitOfWork) -> None:
    sale = delivered_order(uow)
    orders.reject(sale.as_buyer(), order=sale.order, reason=Reason("not_as_described", "It is not a tanzanite at all."))
    back = parcel(sale.order, tracking="BACK 1", seal_number="PS-9000")
    orders.send_back(sale.as_buyer(), order=sale.order, parcel=back)
    returned = last(uow, sale.lot)
    orders.receive_return(sale.as_cooperative(), order=sale.order, receipt=Receipt(seal_intact=True, weight_mg=684))
    stored = last(uow, sale.lot)

    assert (returned.kind, returned.party.role, returned.seal_number) == ("returned", "buyer", "PS-9000")
    assert (stored.kind, stored.party.role, stored.seal_number) == ("stored", "cooperative", "PS-9000")
    assert standing(chain_of(uow.session, sale.lot)).stand is Stand.HELD


def test_a_part_of_a_lot_is_split_off_when_its_parcel_leaves(uow: UnitOfWork) -> None:
    m = market(uow, steps=DUST)
    finish(m, m.buy("bob", part_mg=25_000), "bob")
    finish(m, m.buy("carol", part_mg=65_000), "carol")
    record = told(uow, m.lot)

    splits = [step for step in record.steps if step.kind == "split"]
    names = [f"{m.lot.reference}/1", f"{m.lot.reference}/2"]
    assert [[each.weight_mg for each in step.outputs] for step in splits] == [[25_000, 75_000], [65_000, 10_000]]
    assert [[each.weight_mg for each in step.inputs] for step in splits] == [[100_000], [75_000]]
    assert [step.weight_before_mg for step in splits] == [100_000, 75_000]
    assert [step.outputs[0].lot_reference for step in splits] == names
    for name, kind in product(names, ("moved", "delivered", "accepted")):
        assert [step.kind for step in record.steps if step.facts.get("part") == name].count(kind) == 1
    assert standing(chain_of(uow.session, m.lot), part=names[0]) == Standing(Stand.ACCEPTED, 25_000)
    assert standing(chain_of(uow.session, m.lot)) == Standing(Stand.HELD, 10_000)


def test_gold_at_the_assay_is_delivered_to_the_verifier_tested_and_sent_on(uow: UnitOfWork) -> None:
    sale = at_the_verifier(uow)
    weight_mg = sale.version.content["weight_mg"]
    finding = Finding(
        is_match=True, seal_intact=True, weight_mg=weight_mg, certificate="LAB-1", note="As listed.",
        fineness_permille=Decimal("915.5"),
    )  # fmt: skip
    onward = parcel(sale.order, tracking="ONWARD 1", seal_number="PS-2")
    orders.confirm_match(sale.as_staff("vera", StaffRole.VERIFIER), order=sale.order, finding=finding, parcel=onward)

    kinds = [(step.kind, step.party.role) for step in told(uow, sale.lot).steps[2:]]

    assert kinds == [("moved", "carrier"), ("delivered", "assayer"), ("assayed", "assayer"), ("moved", "carrier")]
    assert told(uow, sale.lot).steps[4].facts["result"] == "915.5 ‰"


def test_a_version_that_weighs_otherwise_corrects_the_first_entry(uow: UnitOfWork) -> None:
    case, lot, amina = waiting_lot(uow)
    decided(uow, case, moderator(uow))
    as_amina = uow.acting_as(actor(uow.session, amina))
    heavier = {"weight": "3,50", "weight_unit": "ct", "pieces": "1"}
    lots.save_step(as_amina, lot=lot, step="weight", answers=heavier)
    decided(uow, moderation.submit_lot(as_amina, lot=lot), moderator(uow, "grace"))

    steps = told(uow, lot).steps

    assert [(step.kind, step.weight_after_mg) for step in steps] == [
        ("produced", 684),
        ("tagged", None),
        ("produced", 700),
    ]
    assert steps[2].corrects == steps[0].id
    assert standing(chain_of(uow.session, lot)).weight_mg == 700
