"""The public part of the ICGLR record: found on the journey and the passport, and without what is for an authority."""

import csv
import json
from io import StringIO
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from marketplace.core.actor import StaffRole
from marketplace.moderation import services as moderation
from marketplace.unit_of_work import UnitOfWork
from tests.builders.cooperatives import approved_cooperative
from tests.builders.lots import GOLD, draft_lot, published_lot
from tests.builders.moderation import decided
from tests.builders.passports import issued_passport
from tests.people import actor, person
from tests.web.test_custody import send
from tests.web.test_orders import browser
from tests.web.test_staff_icglr import EXPORTED, PRODUCED, gold_lot

DECLARED = "7771"
TABLES = ("lots", "tags", "mineSites")


def exported_lot(app: Flask, uow: UnitOfWork) -> str:
    """Publish gold whose journey holds a place, a declared value and taxes; return its reference."""
    _cooperative, site, secretary = approved_cooperative(uow, latitude="-3.512345")
    lot = draft_lot(uow, seller=(site, secretary), steps=GOLD)
    reference, site_reference = lot.reference, site.reference
    grace = browser(app, uow, person(uow, "Grace", StaffRole.MODERATOR))
    journey = f"/staff/lots/{reference}/journey"
    assert send(grace, f"{journey}/produced?for=cooperative", PRODUCED, site=site_reference).status_code == 303
    assert (
        send(grace, f"{journey}/exported?for=cooperative", {**EXPORTED, "declared": DECLARED}, number=2).status_code
        == 303
    )
    case = moderation.submit_lot(uow.acting_as(actor(uow.session, secretary)), lot=lot)
    decided(uow, case, person(uow, "Zawadi", StaffRole.MODERATOR))
    uow.commit()
    return reference


def files(client: FlaskClient, reference: str) -> list[Any]:
    addresses = [f"/lots/{reference}/icglr.json", *(f"/lots/{reference}/icglr/{table}.csv" for table in TABLES)]
    return [client.get(address) for address in addresses]


def test_a_stranger_downloads_lots_tags_and_the_site_as_near_as_its_district(app: Flask, uow: UnitOfWork) -> None:
    reference = exported_lot(app, uow)

    whole, lots, tags, sites = files(app.test_client(), reference)

    assert [each.status_code for each in (whole, lots, tags, sites)] == [200] * 4
    assert whole.headers["Content-Disposition"] == f'attachment; filename="icglr-{reference}.json"'
    assert lots.headers["Content-Disposition"] == f'attachment; filename="icglr-{reference}-lots.csv"'
    document = json.loads(whole.text)
    assert [(row["originatingOperation"], row["mass"]) for row in document["lots"]] == [("1", "0.25"), ("8", "0.25")]
    assert next(row["identifier"] for row in csv.DictReader(StringIO(tags.text))) == "TZ-700001"
    (site,) = csv.DictReader(StringIO(sites.text))
    assert (site["addressCountry"], site["icglrId"]) == ("TZ", "")
    assert [row["mineSiteId"] for row in csv.DictReader(StringIO(lots.text))] == ["", ""]


def test_no_public_file_tells_a_place_a_tax_a_value_or_a_person(app: Flask, uow: UnitOfWork) -> None:
    reference = exported_lot(app, uow)
    mary = browser(app, uow, person(uow, "Mary", StaffRole.MODERATOR))
    taken = mary.post(f"/staff/lots/{reference}/icglr", data={"form": "json", "idempotency_key": "key-number-1"})
    secret = json.loads(taken.text)
    (tax,), (site,) = secret["taxes"], secret["mineSites"]
    assert "-3.5123" in site["icglrId"], "the authority's file holds the place"

    for answer in files(app.test_client(), reference):
        for told in (site["icglrId"], "3.512", tax["taxAmount"], tax["receiptReference"], DECLARED, "Zawadi", "Amina"):
            assert told not in answer.text, told


def test_the_journey_and_the_passport_lead_to_it(app: Flask, uow: UnitOfWork) -> None:
    lot = gold_lot(uow)
    reference = lot.reference
    issued_passport(uow, lot)
    uow.commit()
    client = app.test_client()

    for page in (f"/lots/{reference}/journey", f"/l/{reference}"):
        text = client.get(page).text
        assert f'href="/lots/{reference}/icglr.json"' in text
        assert all(f'href="/lots/{reference}/icglr/{table}.csv"' in text for table in TABLES)


def test_other_minerals_and_other_regions_have_none_and_no_link(client: FlaskClient, uow: UnitOfWork) -> None:
    stone, abroad = published_lot(uow, number=9)[0].reference, gold_lot(uow, "CO").reference
    uow.commit()

    for reference in (stone, abroad):
        assert [each.status_code for each in files(client, reference)] == [404] * 4
        assert "icglr" not in client.get(f"/lots/{reference}/journey").text
    assert "ICGLR records are only for lots from its member states." in files(client, abroad)[0].text


def test_a_draft_a_table_of_taxes_and_nonsense_are_not_there(client: FlaskClient, uow: UnitOfWork) -> None:
    on_sale = gold_lot(uow)
    _cooperative, site, secretary = approved_cooperative(uow)
    draft = draft_lot(uow, seller=(site, secretary), steps=GOLD, number=9).reference
    uow.commit()

    for reference in (draft, "TZ-NONE-NONE", "x" * 41, "a%00b"):
        assert [each.status_code for each in files(client, reference)] == [404] * 4
    for table in ("taxes", "LOTS", "x"):
        assert client.get(f"/lots/{on_sale.reference}/icglr/{table}.csv").status_code == 404


def test_the_command_prints_the_same_and_no_more(app: Flask, uow: UnitOfWork) -> None:
    reference = exported_lot(app, uow)
    stone = published_lot(uow, number=9)[0].reference
    uow.commit()
    whole, lots = (each.text for each in files(app.test_client(), reference)[:2])
    run = app.test_cli_runner().invoke

    assert run(args=["passport", "icglr", reference]).output == whole
    assert run(args=["passport", "icglr", reference, "--table", "lots"]).output.replace("\r\n", "\n") == lots.replace(
        "\r\n", "\n"
    )
    assert run(args=["passport", "icglr", reference, "--table", "taxes"]).exit_code == 2
    missing, other = run(args=["passport", "icglr", "TZ-NONE-NONE"]), run(args=["passport", "icglr", stone])
    assert (missing.exit_code, other.exit_code) == (1, 1)
    assert "There is no lot on sale or sold with the reference TZ-NONE-NONE." in missing.output
    assert "only for gold" in other.output
