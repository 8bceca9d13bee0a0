"""Documents in the database: two people, versions, what they open and what they stop."""

import socket
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from marketplace.compliance.models import Cooperative, MineSite
from marketplace.core.actor import StaffRole
from marketplace.core.errors import Forbidden, InvalidInput, TransitionRefused
from marketplace.documents.doubts import doubts_of
from marketplace.documents.models import Document
from marketplace.documents.owners import Owner
from marketplace.documents.queries import seen_of
from marketplace.documents.scanning import ScannerAway
from marketplace.documents.services import expiry, reviewing
from marketplace.documents.services.reviewing import DocumentOver, DocumentReplaced
from marketplace.lots.checks import LotIncomplete
from marketplace.lots.models import LotListing
from marketplace.lots.queries import read_sheet
from marketplace.lots.services import submit
from marketplace.lots.services.site_pauses import bring_in_line
from marketplace.moderation.errors import GateNotPassed
from marketplace.moderation.queries import unmet_of_case
from marketplace.notifications.models import Message
from marketplace.orders import services as orders
from marketplace.orders.shipping_papers import PapersMissing, missing_papers_of
from marketplace.orders.transitions import Action
from marketplace.unit_of_work import UnitOfWork
from tests.builders.documents import NOTE, accepted, papers_of_order, reader, sent, uploaded
from tests.builders.lots import draft_lot, published_lot, seller
from tests.builders.moderation import decided, moderator, waiting_lot
from tests.builders.orders import funded_order, parcel
from tests.people import actor, person

REASON = {"reason": "The stamp of the ministry is missing on it."}


def site_owner(site: MineSite) -> Owner:
    return Owner(cooperative_id=site.cooperative_id, site_id=site.id)


def current(uow: UnitOfWork, site: MineSite, kind: str) -> Document:
    wanted = select(Document).where(Document.site_id == site.id, Document.kind == kind, Document.replaced_at.is_(None))
    return uow.session.scalars(wanted).one()


def refused(uow: UnitOfWork, document: Document) -> None:
    as_reader = reader(uow, document.cooperative_id)
    reviewing.refuse(as_reader, document=document, form=REASON, in_line=bring_in_line)


def lacking(uow: UnitOfWork, site: MineSite, lot: object) -> list[tuple[str, str]]:
    """Return step and field of what a lot still lacks."""
    sheet = read_sheet(uow.session, lot, now=uow.now, platform_fee_bps=500)  # type: ignore[arg-type]
    return [(each.step, each.field) for each in sheet.missing]


def sweep(uow: UnitOfWork) -> int:
    today = uow.now.date()
    found = expiry.cooperatives_with_ending(uow.session, today=today)
    return sum(expiry.end_documents(uow, cooperative_id=each, in_line=bring_in_line) for each in found)


def letters(uow: UnitOfWork) -> list[str]:
    return [each.template for each in uow.session.scalars(select(Message).order_by(Message.created_at, Message.id))]


def about_documents(uow: UnitOfWork) -> list[str]:
    return [name for name in letters(uow) if name.startswith("document_")]


def test_nobody_accepts_what_she_sent_whatever_her_roles(uow: UnitOfWork) -> None:
    site, amina = seller(uow)
    row = uploaded(uow, amina, site_owner(site), "environmental_permit", last_day=uow.now.date())

    with pytest.raises(Forbidden):
        reviewing.accept(uow.acting_as(actor(uow.session, amina)), document=row, form=NOTE, in_line=bring_in_line)
    with pytest.raises(IntegrityError, match="ck_document_two_people"):
        uow.session.execute(
            text("UPDATE document SET reviewed_by = uploaded_by, reviewed_at = now() WHERE id = :id"), {"id": row.id}
        )


def test_no_version_is_ever_deleted(uow: UnitOfWork) -> None:
    site, _amina = seller(uow)
    row = current(uow, site, "mining_right")

    with pytest.raises(DBAPIError, match="document"):
        uow.session.execute(text("DELETE FROM document WHERE id = :id"), {"id": row.id})


def test_a_stranger_and_a_viewer_send_nothing(uow: UnitOfWork) -> None:
    site, _amina = seller(uow)
    stranger = person(uow, "Stranger")

    with pytest.raises(Forbidden):
        uploaded(uow, stranger, site_owner(site), "environmental_permit", last_day=uow.now.date())


def test_a_paper_of_an_order_is_not_sent_for_a_site(uow: UnitOfWork) -> None:
    site, amina = seller(uow)

    with pytest.raises(InvalidInput):
        uploaded(uow, amina, site_owner(site), "kp_certificate", last_day=uow.now.date())


def test_the_old_version_counts_until_the_new_one_is_accepted_and_stays_to_be_read(uow: UnitOfWork) -> None:
    site, amina = seller(uow)
    old = current(uow, site, "mining_right")
    new = uploaded(
        uow, amina, site_owner(site), "mining_right", number=site.right_number, issued_on=date(2025, 1, 1),
        last_day=date(2030, 12, 31), minerals=tuple(site.minerals), file=sent("renewed"),
    )  # fmt: skip

    assert (old.version, new.version, old.replaced_at) == (1, 2, None)
    reviewing.accept(reader(uow, site.cooperative_id), document=new, form=NOTE, in_line=bring_in_line)
    assert (old.state, old.replaced_by, new.state) == ("accepted", new.id, "accepted")
    with pytest.raises(DocumentReplaced):
        refused(uow, old)


def test_a_newer_one_takes_the_place_of_one_that_waits(uow: UnitOfWork) -> None:
    site, amina = seller(uow)
    own, last = site_owner(site), uow.now.date()
    first = uploaded(uow, amina, own, "environmental_permit", number="E 1", last_day=last, file=sent(1))
    second = uploaded(uow, amina, own, "environmental_permit", number="E 2", last_day=last, file=sent(2))

    assert first.replaced_by == second.id
    with pytest.raises(DocumentReplaced):
        reviewing.accept(reader(uow, site.cooperative_id), document=first, form=NOTE, in_line=bring_in_line)


def test_several_of_a_kind_are_told_apart_by_their_numbers(uow: UnitOfWork) -> None:
    site, amina = seller(uow)
    own = Owner(cooperative_id=site.cooperative_id)
    last = uow.now.date() + timedelta(days=900)
    first = accepted(uow, amina, own, "id_of_officer", number="ID 1", last_day=last, file=sent(1))
    accepted(uow, amina, own, "id_of_officer", number="ID 2", last_day=last, file=sent(2))
    again = accepted(uow, amina, own, "id_of_officer", number="id-1", last_day=last, file=sent(3))

    assert (first.replaced_by, again.version) == (again.id, 2)


def test_the_same_file_is_not_taken_twice(uow: UnitOfWork) -> None:
    site, amina = seller(uow)
    own, last = site_owner(site), uow.now.date()
    uploaded(uow, amina, own, "environmental_permit", last_day=last, file=sent(7))

    with pytest.raises(InvalidInput) as wrong:
        uploaded(uow, amina, own, "environmental_permit", last_day=last, file=sent(7))
    assert wrong.value.fields["file"].message == "You sent this very file before. Choose the new paper."


def test_twins_of_others_and_of_other_kinds_are_noticed(uow: UnitOfWork) -> None:
    (site, amina), (other, othello) = seller(uow), seller(uow)
    whole, last = Owner(cooperative_id=site.cooperative_id), uow.now.date()
    row = uploaded(uow, amina, whole, "dealer_licence", number="DL 7", last_day=last, file=sent(1))
    uploaded(uow, amina, site_owner(site), "environmental_permit", last_day=last, file=sent(1))
    theirs = Owner(cooperative_id=other.cooperative_id)
    uploaded(uow, othello, theirs, "dealer_licence", number="dl-7", last_day=last, file=sent(1))

    found = doubts_of(seen_of(uow.session, row))

    assert [each.code for each in found] == ["number_elsewhere", "file_elsewhere", "file_of_two_kinds"]
    assert found[0].params == {"holders": "Mama Madini Cooperative 2"}
    with pytest.raises(InvalidInput):
        reviewing.accept(reader(uow, site.cooperative_id), document=row, form={"note": ""}, in_line=bring_in_line)
    reviewing.accept(reader(uow, site.cooperative_id), document=row, form=NOTE, in_line=bring_in_line)


def test_a_paper_whose_day_is_over_is_not_accepted(uow: UnitOfWork) -> None:
    site, amina = seller(uow)
    row = uploaded(uow, amina, site_owner(site), "environmental_permit", last_day=uow.now.date())
    uow.now += timedelta(days=1)

    with pytest.raises(DocumentOver):
        reviewing.accept(reader(uow, site.cooperative_id), document=row, form=NOTE, in_line=bring_in_line)


def test_what_was_refused_is_not_accepted_any_more(uow: UnitOfWork) -> None:
    site, amina = seller(uow)
    row = uploaded(uow, amina, site_owner(site), "environmental_permit", last_day=uow.now.date())
    refused(uow, row)

    assert about_documents(uow) == ["document_refused"]
    with pytest.raises(TransitionRefused):
        reviewing.accept(reader(uow, site.cooperative_id), document=row, form=NOTE, in_line=bring_in_line)


def test_a_lot_without_its_papers_is_not_sent_and_says_which(uow: UnitOfWork) -> None:
    site, amina = seller(uow)
    lot = draft_lot(uow, seller=(site, amina))
    assert lacking(uow, site, lot) == []
    refused(uow, current(uow, site, "mining_right"))

    assert lacking(uow, site, lot) == [("papers", "mining_right")]
    with pytest.raises(LotIncomplete):
        submit(uow.acting_as(actor(uow.session, amina)), lot=lot)


def test_a_lot_under_review_is_not_approved_once_a_paper_is_gone(uow: UnitOfWork) -> None:
    case, lot, _amina = waiting_lot(uow)
    site = uow.session.scalars(select(MineSite).where(MineSite.cooperative_id == lot.cooperative_id)).one()
    zawadi = moderator(uow, "zawadi")
    assert unmet_of_case(uow.session, case, today=uow.now.date()) == []
    refused(uow, current(uow, site, "child_labour_attestation"))

    (unmet,) = unmet_of_case(uow.session, case, today=uow.now.date())
    assert (unmet.code, unmet.about) == ("paper_rejected", "child_labour_attestation")
    with pytest.raises(GateNotPassed):
        decided(uow, case, zawadi)


def test_goods_leave_only_with_their_papers(uow: UnitOfWork) -> None:
    sale = funded_order(uow)
    orders.advance(sale.as_cooperative(), order=sale.order, action=Action.CONFIRM)

    with pytest.raises(PapersMissing) as missing:
        orders.ship(sale.as_cooperative(), order=sale.order, parcel=parcel(sale.order, weight_mg=100))
    assert [each.about for each in missing.value.unmet] == [
        "export_permit", "royalty_receipt", "inspection_fee_receipt", "certificate_of_origin_tanzanite",
        "market_sale_receipt", "valuation_certificate",
    ]  # fmt: skip
    assert set(missing.value.fields) == {"papers", "weight"}  # everything wrong is told at once
    papers_of_order(uow, sale.order, sale.amina)
    assert missing_papers_of(uow.session, sale.order, today=uow.now.date()) == []
    orders.ship(sale.as_cooperative(), order=sale.order, parcel=parcel(sale.order))
    assert sale.order.state == "shipped"


def test_one_certificate_for_two_lots_of_a_cooperative_is_noticed(uow: UnitOfWork) -> None:
    site, amina = seller(uow)
    lots = [draft_lot(uow, seller=(site, amina), number=number) for number in (1, 2, 3)]
    own = [Owner(cooperative_id=site.cooperative_id, lot_id=lot.id) for lot in lots]
    first = uploaded(uow, amina, own[0], "lab_report", number="GL 2291", file=sent(1))
    second = uploaded(uow, amina, own[1], "lab_report", number="gl-2291", file=sent(2))
    third = uploaded(uow, amina, own[2], "lab_report", number="GL-2300", file=sent(2))

    found = [[each.code for each in doubts_of(seen_of(uow.session, row))] for row in (first, second, third)]

    assert found == [["paper_of_another_lot"]] * 3
    assert [seen_of(uow.session, row).of_lots for row in (first, second, third)] == [1, 2, 1]


def test_people_are_warned_twice_and_then_the_lots_of_the_site_are_hidden_until_the_new_paper(uow: UnitOfWork) -> None:
    site, amina = seller(uow)
    lot, _version, _ = published_lot(uow, of=(site, amina))
    listing = uow.session.get_one(LotListing, lot.id)
    old = current(uow, site, "child_labour_attestation")
    assert old.expires_on == date(2027, 6, 1)  # signed on 1 June 2026, and lasts 365 days

    for day, letter in (
        (date(2027, 5, 1), []),  # 31 days before
        (date(2027, 5, 2), ["document_ends"]),  # 30
        (date(2027, 5, 3), []),
        (date(2027, 5, 24), []),  # 8
        (date(2027, 5, 25), ["document_ends"]),  # 7
        (date(2027, 6, 1), []),
        (date(2027, 6, 2), ["document_over"]),
        (date(2027, 6, 3), []),
    ):
        before = len(about_documents(uow))
        uow.now = uow.now.replace(year=day.year, month=day.month, day=day.day)
        sweep(uow)
        assert about_documents(uow)[before:] == letter, day
    assert (old.state, listing.availability) == ("expired", "withheld")

    accepted(uow, amina, site_owner(site), "child_labour_attestation", number="new")
    assert listing.availability == "available"
    assert site.child_labour_attested_on == uow.now.date(), "the accepted paper renews the declaration"


def test_an_end_hides_the_lots_of_its_site_and_no_others(uow: UnitOfWork) -> None:
    (first, amina), (second, bibi) = seller(uow), seller(uow)
    lots = published_lot(uow, of=(first, amina))[0], published_lot(uow, of=(second, bibi), number=2)[0]
    refused(uow, current(uow, first, "mining_right"))

    states = [uow.session.get_one(LotListing, lot.id).availability for lot in lots]
    assert states == ["withheld", "available"]
    assert uow.session.get_one(Cooperative, first.cooperative_id).state == "approved"


def test_a_moderator_who_is_an_officer_reads_no_paper_of_hers(uow: UnitOfWork) -> None:
    site, amina = seller(uow)
    row = uploaded(uow, amina, site_owner(site), "environmental_permit", last_day=uow.now.date())
    zawadi = person(uow, "zawadi of pact", StaffRole.AUDITOR)

    with pytest.raises(Forbidden):
        reviewing.accept(uow.acting_as(actor(uow.session, zawadi)), document=row, form=NOTE, in_line=bring_in_line)


def test_a_set_scanner_that_is_away_lets_no_document_in(uow: UnitOfWork) -> None:
    site, amina = seller(uow)
    with socket.create_server(("127.0.0.1", 0)) as server:
        nobody = f"tcp://127.0.0.1:{server.getsockname()[1]}"
    uow.settings = replace(uow.settings, clamd_address=nobody)

    with pytest.raises(ScannerAway):
        uploaded(uow, amina, site_owner(site), "environmental_permit", last_day=uow.now.date())
    assert uow.session.scalar(select(Document.id).where(Document.kind == "environmental_permit")) is None
