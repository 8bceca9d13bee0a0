"""The journey of a lot on the pages: for everyone, for the cooperative, for staff, and the buyer's receiving check."""

from io import BytesIO

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from marketplace.compliance.models import Cooperative
from marketplace.core.actor import StaffRole
from marketplace.custody.queries import events_of_lot, record_of_lot
from marketplace.custody.queries import steps_of as steps_recorded
from marketplace.custody.record import CustodyStep
from marketplace.custody.services import tags
from marketplace.custody.services.tags import NewRange
from marketplace.lots.models import Lot
from marketplace.orders import services as orders
from marketplace.orders.answers import Receipt
from marketplace.unit_of_work import UnitOfWork
from tests.builders.lots import draft_lot, photo, published_lot, seller
from tests.builders.orders import accepted_order, confirmed_order, shipped_order
from tests.people import actor, person
from tests.web.test_orders import KEY, browser, text_of

PRODUCED = {
    "happened_at": "2026-09-20T10:00",
    "unit": "ct",
    "miners_paid": "yes",
    "weight_after": "3,42",
    "pieces": "1",
    "tag_number": "TZ-700001",
}


def steps(uow: UnitOfWork, lot: Lot) -> tuple[CustodyStep, ...]:
    found = record_of_lot(uow.session, lot_id=lot.id)
    assert found is not None
    return tuple(found.steps)


def send(client: FlaskClient, address: str, form: dict[str, str], *, number: int = 1, **more: str) -> TestResponse:
    key = {"idempotency_key": f"key-of-form-{number:04}"}
    sent = {**key, **form, **more, "photo": (BytesIO(photo(number)), "seal.jpg")}
    return client.post(address, data=sent, content_type="multipart/form-data")


def test_strangers_read_the_journey_of_a_sold_lot_without_the_buyer_or_the_price(app: Flask, uow: UnitOfWork) -> None:
    sale = accepted_order(uow)
    reference = sale.lot.reference
    uow.commit()

    page = text_of(app.test_client(), f"/lots/{reference}/journey")

    for words in ("Found and put in a bag", "Handed over for transport", "Arrived", "Accepted by the buyer",
                  "Kept apart.", "Proof in the signed log", "Tag of another issuer", "Germany"):  # fmt: skip
        assert words in page
    for secret in ("bob", "Hamburg", "1,240", "US$"):
        assert secret.lower() not in page.lower()


def test_the_cooperative_of_a_sold_lot_is_not_told_to_take_it_back(app: Flask, uow: UnitOfWork) -> None:
    sale = accepted_order(uow)
    reference, amina = sale.lot.reference, browser(app, uow, sale.amina)
    uow.commit()

    page = text_of(amina, f"/cooperative/lots/{reference}/journey")

    assert "This lot is sold." in page
    assert "Take it back before" not in page


def test_a_draft_has_no_public_journey(app: Flask, uow: UnitOfWork) -> None:
    lot = draft_lot(uow, seller=seller(uow))
    reference = lot.reference
    uow.commit()

    assert app.test_client().get(f"/lots/{reference}/journey").status_code == 404
    assert app.test_client().get("/lots/%00/journey").status_code == 404
    assert app.test_client().get(f"/lots/{'x' * 50}/journey").status_code == 404


def test_the_secretary_records_where_a_lot_was_found_and_sees_it_in_the_journey(app: Flask, uow: UnitOfWork) -> None:
    site, amina = seller(uow)
    lot = draft_lot(uow, seller=(site, amina))
    address, site_reference = f"/cooperative/lots/{lot.reference}/journey", site.reference
    client = browser(app, uow, amina)
    assert "Found and put in a bag" in text_of(client, address)

    wrong = send(client, f"{address}/produced", {**PRODUCED, "site": site_reference, "weight_after": "much"})
    assert wrong.status_code == 422
    assert "TZ-700001" in wrong.text, "nothing typed is lost"
    assert send(client, f"{address}/produced", PRODUCED, site=site_reference).status_code == 303

    page = text_of(client, address)
    assert "3.42 ct" in page
    assert "The miners were paid already" in page
    assert "Photo 1 of entry 1" in client.get(address).text


def test_an_event_without_what_it_must_carry_is_refused_with_the_field(app: Flask, uow: UnitOfWork) -> None:
    site, amina = seller(uow)
    lot = draft_lot(uow, seller=(site, amina))
    form = f"/cooperative/lots/{lot.reference}/journey/produced"
    client = browser(app, uow, amina)

    refused = client.post(form, data={**KEY, "happened_at": "2026-09-20T10:00", "unit": "ct"})

    assert refused.status_code == 422
    for name in ("site", "miners_paid", "weight_after", "pieces", "photo", "tag_number"):
        assert f'href="#f-{name}"' in refused.text


def test_an_event_out_of_order_is_refused_and_the_form_keeps_what_was_typed(app: Flask, uow: UnitOfWork) -> None:
    lot, _version, amina = published_lot(uow)
    form = f"/cooperative/lots/{lot.reference}/journey/stored"
    client = browser(app, uow, amina)
    typed = {"happened_at": "2026-09-29T08:00", "place_country": "TZ", "place_district": "Simanjiro",
             "seal_number": "S-77"}  # fmt: skip

    refused = client.post(form, data={**KEY, **typed})

    assert refused.status_code == 422
    assert "First record where the lot comes from." in refused.text
    assert "S-77" in refused.text


def test_a_field_officer_enters_for_the_cooperative_and_the_journey_says_so(app: Flask, uow: UnitOfWork) -> None:
    site, amina = seller(uow)
    lot = draft_lot(uow, seller=(site, amina))
    vivian = person(uow, "Vivian", StaffRole.VERIFIER)
    address, site_reference = f"/staff/lots/{lot.reference}/journey", site.reference
    client = browser(app, uow, vivian)
    assert "Enter on behalf of the cooperative" in text_of(client, address)

    assert (
        send(client, f"{address}/produced", PRODUCED, site=site_reference, **{"for": "cooperative"}).status_code == 303
    )
    checked = send(client, f"{address}/inspected", {"happened_at": "2026-09-21T09:00", "checklist": "passed"}, number=2)
    assert checked.status_code == 303

    page = text_of(client, address)
    assert "A field officer of Pact entered this for the cooperative." in page
    assert "Everything was in order" in page


def test_a_wrong_entry_is_corrected_by_a_new_one_and_both_stay(app: Flask, uow: UnitOfWork) -> None:
    site, amina = seller(uow)
    lot = draft_lot(uow, seller=(site, amina))
    address, site_reference = f"/cooperative/lots/{lot.reference}/journey", site.reference
    client = browser(app, uow, amina)
    send(client, f"{address}/produced", PRODUCED, site=site_reference)
    link = client.get(address).text.split("?corrects=")[1].split('"')[0]
    assert "You correct an earlier entry." in text_of(client, f"{address}/produced?corrects={link}")

    sent = send(client, f"{address}/produced", {**PRODUCED, "weight_after": "3.40"}, number=3, site=site_reference,
                corrects=link)  # fmt: skip

    assert sent.status_code == 303
    page = text_of(client, address)
    assert "It corrects entry 1." in page
    assert "See entry 2." in page
    assert "3.40 ct" in page


def test_members_who_only_look_and_other_cooperatives_record_nothing(app: Flask, uow: UnitOfWork) -> None:
    lot, _version, _amina = published_lot(uow)
    _other, stranger = seller(uow)
    reference = lot.reference
    client = browser(app, uow, stranger)

    assert client.get(f"/cooperative/lots/{reference}/journey").status_code == 404
    assert client.get(f"/cooperative/lots/{reference}/journey/stored").status_code == 404


def test_staff_issue_tags_and_one_that_is_lost_cannot_be_used(app: Flask, uow: UnitOfWork) -> None:
    site, amina = seller(uow)
    cooperative = uow.session.get_one(Cooperative, site.cooperative_id)
    lot = draft_lot(uow, seller=(site, amina))
    reference, lot_reference, site_reference = cooperative.reference, lot.reference, site.reference
    grace, secretary = browser(app, uow, person(uow, "Grace", StaffRole.MODERATOR)), browser(app, uow, amina)
    issued = {"cooperative": reference, "issuer": "Pact", "first": "tz-700001", "last": "TZ-700050"}

    assert grace.post("/staff/tags", data={**KEY, **issued}).status_code == 303
    again = grace.post("/staff/tags", data={"idempotency_key": "another-key-0001", **issued})
    assert again.status_code == 422
    assert "Some of these numbers were issued before." in again.text

    gone = {"number": "TZ-700001", "outcome": "lost", "reason": "It fell into the river."}
    assert secretary.post(f"/cooperative/tags/{reference}/gone", data={**KEY, **gone}).status_code == 303
    assert "49" in text_of(secretary, f"/cooperative/tags/{reference}")
    refused = send(secretary, f"/cooperative/lots/{lot_reference}/journey/produced", PRODUCED, site=site_reference)
    assert refused.status_code == 422
    assert "This tag was reported lost." in refused.text


def test_a_range_shows_what_became_of_its_tags(app: Flask, uow: UnitOfWork) -> None:
    lot, _version, _amina = published_lot(uow)
    cooperative = uow.session.get_one(Cooperative, lot.cooperative_id)
    grace = person(uow, "Grace", StaffRole.MODERATOR)
    as_grace = uow.acting_as(actor(uow.session, grace))
    row = tags.issue(as_grace, cooperative=cooperative, new=NewRange("Pact", "TZ-", 6, 104880, 104899))
    tags.void(as_grace, number="TZ-104890", cooperative=cooperative, reason="The print is blurred.")
    tags.use(uow, number="TZ-104881", lot=lot)
    address, reference = f"/staff/tags/{row.id}", lot.reference

    page = text_of(browser(app, uow, grace), address)

    assert "The print is blurred." in page
    assert reference in page
    assert "18" in page  # twenty were issued, one is on a bag and one is void


def test_a_buyer_sees_a_broken_seal_and_the_way_to_a_dispute(app: Flask, uow: UnitOfWork) -> None:
    sale = shipped_order(uow)
    reference = sale.order.reference
    bob = browser(app, uow, sale.bob)
    assert bob.get(f"/orders/{reference}/receiving-check").status_code == 404
    found = {"seal_intact": "no", "weight": "3.30", "weight_unit": "ct"}

    answer = bob.post(f"/orders/{reference}/receipt", data={**KEY, **found})

    assert answer.status_code == 303
    assert answer.location.endswith(f"/orders/{reference}/receiving-check")
    page = text_of(bob, answer.location)
    assert "The seal was not whole." in page
    assert "The weight differs by more than both sides agreed to." in page
    assert f"/orders/{reference}/problem" in page


def test_a_buyer_with_nothing_to_complain_of_reads_that_all_fits(app: Flask, uow: UnitOfWork) -> None:
    sale = shipped_order(uow)
    orders.receive(sale.as_buyer(), order=sale.order, receipt=Receipt(seal_intact=True, weight_mg=680))
    reference = sale.order.reference

    page = text_of(browser(app, uow, sale.bob), f"/orders/{reference}/receiving-check")

    assert "The seal was whole and the weight fits." in page
    below = page.split("Receiving check", 1)[1].replace("Report a problem at a mine", "")  # the foot of every page
    assert "Report a problem" not in below


def test_a_buyer_tells_that_customs_cleared_the_goods(app: Flask, uow: UnitOfWork) -> None:
    sale = shipped_order(uow)
    reference = sale.lot.reference
    uow.commit()
    bob = browser(app, uow, sale.bob)
    order = f"/orders/{sale.order.reference}"
    assert f"{order}/customs" in bob.get(order).text
    form = {"happened_at": uow.now.strftime("%Y-%m-%dT%H:%M"), "entry": "DE-44-7781", "kp": ""}

    refused = bob.post(f"{order}/customs", data={**KEY, **form, "entry": ""})
    assert (refused.status_code, form["happened_at"] in refused.text) == (422, True)
    assert bob.post(f"{order}/customs", data={"idempotency_key": "customs-form-2", **form}).status_code == 303
    page = text_of(app.test_client(), f"/lots/{reference}/journey")
    assert "Cleared by customs" in page
    assert "DE-44-7781" in page
    assert "Germany" in page
    last = steps(uow, sale.lot)[-1]
    assert (last.kind, last.party.role, last.party.name, last.place.country) == ("imported", "buyer", "", "DE")


def test_goods_that_were_not_sent_passed_no_customs(app: Flask, uow: UnitOfWork) -> None:
    sale = confirmed_order(uow)
    uow.commit()
    bob = browser(app, uow, sale.bob)
    form = {"happened_at": uow.now.strftime("%Y-%m-%dT%H:%M"), "entry": "DE-44-7781", "kp": ""}
    order = f"/orders/{sale.order.reference}"
    assert f"{order}/customs" not in bob.get(order).text
    assert bob.post(f"{order}/customs", data={**KEY, **form}).status_code == 422
    assert steps(uow, sale.lot) == ()


def test_each_party_finds_the_journey_from_the_order(app: Flask, uow: UnitOfWork) -> None:
    sale = shipped_order(uow)
    otto = person(uow, "otto", StaffRole.AUDITOR)
    uow.commit()
    reference, order = sale.lot.reference, sale.order.reference
    for reader, page, journey in (
        (sale.bob, f"/orders/{order}", f"/lots/{reference}/journey"),
        (sale.amina, f"/cooperative/orders/{order}", f"/cooperative/lots/{reference}/journey"),
        (otto, f"/staff/orders/{order}", f"/staff/lots/{reference}/journey"),
    ):
        client = browser(app, uow, reader)
        assert f'href="{journey}"' in client.get(page).text
        assert client.get(journey).status_code == 200


def test_photos_of_a_journey_are_for_its_own_until_the_lot_is_published(app: Flask, uow: UnitOfWork) -> None:
    site, amina = seller(uow)
    lot = draft_lot(uow, seller=(site, amina))
    address, site_reference = f"/cooperative/lots/{lot.reference}/journey", site.reference
    otto, bob = person(uow, "otto", StaffRole.AUDITOR), person(uow, "bob")
    hers = browser(app, uow, amina)
    assert send(hers, f"{address}/produced", PRODUCED, site=site_reference).status_code == 303

    (sha256,) = steps_of_draft(uow, lot)[0].photo_sha256s
    picture = f"/lots/{lot.reference}/journey/photos/{sha256}/320.webp"
    assert picture in hers.get(address).text
    for client, status in (
        (hers, 200), (browser(app, uow, otto), 200), (browser(app, uow, bob), 404), (app.test_client(), 404),
    ):  # fmt: skip
        assert client.get(picture).status_code == status
    assert hers.get(picture).headers["Cache-Control"].startswith("private")
    for other in (
        picture.replace("320", "321"),
        picture.replace(sha256, "0" * 64),
        picture.replace("320.webp", "3.png"),
    ):
        assert hers.get(other).status_code == 404


def steps_of_draft(uow: UnitOfWork, lot: Lot) -> list[CustodyStep]:
    return steps_recorded(uow.session, events_of_lot(uow.session, lot_id=lot.id))
