"""The events of a lot as a download for programs of the trade."""

from flask.testing import FlaskClient

from marketplace.unit_of_work import UnitOfWork
from tests.builders.lots import draft_lot, published_lot, seller
from tests.builders.orders import accepted_order, shipped_order


def test_programs_download_the_events_and_people_find_them_on_the_journey(client: FlaskClient, uow: UnitOfWork) -> None:
    reference = accepted_order(uow).lot.reference
    uow.commit()
    address = f"/lots/{reference}/events.epcis.json"

    answer = client.get(address)

    assert answer.mimetype == "application/ld+json"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="events-{reference}.epcis.json"'
    told = answer.get_json(force=True)["epcisBody"]["eventList"]
    assert [each["bizStep"] for each in told] == ["commissioning", "packing", "shipping", "receiving", "accepting"]
    shipped = told[2]
    # by its waybill strangers could follow the parcel
    assert "bizTransactionList" not in shipped
    assert shipped["custody:sealNumber"]
    assert f'href="{address}"' in client.get(f"/lots/{reference}/journey").text
    for secret in ("bob", "hamburg", "1,240", "us$"):
        assert secret not in answer.text.lower()


def test_the_file_is_not_sent_again_until_something_happened(client: FlaskClient, uow: UnitOfWork) -> None:
    reference = shipped_order(uow).lot.reference
    uow.commit()
    first = client.get(f"/lots/{reference}/events.epcis.json")

    again = client.get(f"/lots/{reference}/events.epcis.json", headers={"If-None-Match": first.headers["ETag"]})
    other = client.get(f"/lots/{reference}/events.epcis.json", headers={"If-None-Match": '"another"'})

    assert (again.status_code, again.data) == (304, b"")
    assert (other.status_code, other.data) == (200, first.data)


def test_a_draft_and_a_lot_that_is_not_there_have_no_events(client: FlaskClient, uow: UnitOfWork) -> None:
    draft = draft_lot(uow, seller=seller(uow)).reference
    uow.commit()

    for reference in (draft, "TZ-NONE-NONE", "x" * 41, "a%00b"):
        assert client.get(f"/lots/{reference}/events.epcis.json").status_code == 404


def test_our_terms_stand_at_the_address_that_documents_name(client: FlaskClient, uow: UnitOfWork) -> None:
    reference = published_lot(uow)[0].reference
    uow.commit()
    named = client.get(f"/lots/{reference}/events.epcis.json").get_json(force=True)["@context"][1]

    answer = client.get(named.removeprefix(named.split("/contexts")[0]))

    assert answer.mimetype == "application/ld+json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert {"custody:sealNumber", "custody:tagNumbers"} < set(answer.get_json(force=True)["@context"])
