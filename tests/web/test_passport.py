"""What a person sees who scans a bag, and what programs get from the same address."""

import io
import json
import re
import zipfile
from typing import Any

import pytest
import zxingcpp
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from marketplace.audit import queries
from marketplace.audit.verify.status_lists import decoded_list
from marketplace.compliance.models import Cooperative
from marketplace.core.actor import StaffRole
from marketplace.passport import qr, services
from marketplace.unit_of_work import UnitOfWork
from marketplace.web.audit_words import shown
from tests.builders.lots import GOLD, published_lot
from tests.builders.orders import accepted_order
from tests.builders.passports import Issued, bundle_of, issued_passport, zip_of
from tests.people import actor, person


@pytest.fixture
def issued(uow: UnitOfWork) -> Issued:
    found = issued_passport(uow)
    uow.commit()
    return found


def words(body: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


def test_the_verdict_comes_first(client: FlaskClient, issued: Issued) -> None:
    body = client.get(f"/l/{issued.lot.reference}").text

    assert "Genuine. This record is unbroken" in body
    assert body.index("Genuine. This record") < body.index("Weight")
    assert "Compare the photo with the stone in your hand." in body


def test_what_was_not_signed_is_not_called_genuine(client: FlaskClient, uow: UnitOfWork) -> None:
    lot, *_ = published_lot(uow)
    issued_passport(uow, lot)
    cooperative = uow.session.get_one(Cooperative, lot.cooperative_id)
    cooperative.legal_name = "Another Name Cooperative"
    uow.record("cooperative.change", cooperative)
    uow.commit()

    body = words(client.get(f"/l/{lot.reference}").text)

    assert "Another Name Cooperative" in body
    assert "Not signed yet in all parts. What this page shows has changed since version 1 was signed." in body
    assert "Genuine" not in body


def test_an_address_in_any_spelling_leads_to_the_page(client: FlaskClient, issued: Issued) -> None:
    for address in (f"/l/{issued.lot.reference.lower()}", f"/L/{issued.lot.reference}"):
        answer = client.get(address)
        assert answer.status_code == 301
        assert answer.headers["Location"] == f"/l/{issued.lot.reference}"


@pytest.mark.parametrize(
    "address",
    ["/l/nothing", "/l/TZ-0000-0000", "/l/TZ-0000-0000/traceability", "/L/" + "A" * 41, "/l/TZ%00", "/status-lists/7"],
)
def test_what_is_not_there_is_not_found(client: FlaskClient, issued: Issued, address: str) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("application/vc", "application/vc"),
        ("application/json", "application/json"),
        ("application/vc+jwt", "application/vc+jwt"),
        ("application/linkset+json", "application/linkset+json"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "text/html"),
        ("*/*", "text/html"),
    ],
)
def test_programs_get_the_form_they_ask_for(client: FlaskClient, issued: Issued, accept: str, kind: str) -> None:
    answer = client.get(f"/l/{issued.lot.reference}", headers={"Accept": accept})

    assert answer.mimetype == kind
    assert "Accept" in answer.headers["Vary"]
    again = client.get(
        f"/l/{issued.lot.reference}", headers={"Accept": accept, "If-None-Match": answer.headers["ETag"]}
    )
    assert again.status_code == 304


def test_the_credential_names_addresses_that_answer(client: FlaskClient, issued: Issued) -> None:
    credential = json.loads(client.get(f"/l/{issued.lot.reference}/passport.json").text)
    base = issued.issuer.did and credential["id"].partition("/l/")[0]

    for address in (
        credential["id"],
        credential["credentialStatus"]["statusListCredential"],
        credential["@context"][2],
    ):
        assert client.get(address.removeprefix(base)).status_code == 200
    did = client.get("/.well-known/did.json").json
    assert did["id"] == credential["issuer"]["id"]
    assert credential["proof"]["verificationMethod"] in did["assertionMethod"]


def test_the_link_set_names_every_form(client: FlaskClient, issued: Issued) -> None:
    found = client.get(f"/l/{issued.lot.reference}/linkset").json["linkset"]

    assert len(found) == 1
    kinds = {each["type"] for each in found[0]["describedby"]}
    assert kinds == {"application/vc", "application/vc+jwt", "application/ld+json"}
    assert found[0]["item"][0]["type"] == "application/zip"


def test_the_journey_is_told_as_untp_traceability_events(client: FlaskClient, issued: Issued) -> None:
    links = client.get(f"/l/{issued.lot.reference}/linkset").json["linkset"][0]["describedby"]
    (link,) = [each for each in links if "UNTP" in each["title"]]

    answer = client.get(link["href"].partition("://")[2].partition("/")[2])

    assert answer.mimetype == link["type"] == "application/ld+json"
    document = json.loads(answer.text)
    assert (document["id"], document["type"][0]) == (link["href"], "DigitalTraceabilityEvent")
    assert document["issuer"]["id"] == client.get("/.well-known/did.json").json["id"]
    epcis = json.loads(client.get(f"/l/{issued.lot.reference}/events").text)["epcisBody"]["eventList"]
    assert [each["id"] for each in document["credentialSubject"]] == [each["eventID"] for each in epcis]


def test_the_bundle_holds_what_a_stranger_needs(client: FlaskClient, issued: Issued) -> None:
    answer = client.get(f"/l/{issued.lot.reference}/bundle")

    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert sorted(archive.namelist()) == [
            "README.txt", "did.json", "events.epcis.json", "leaf.json", "log.vkey", "passport.json", "passport.jwt",
            "passport.tlog-proof", "policy", "status-list.json",
        ]  # fmt: skip


def test_a_superseded_version_stays_and_says_so(client: FlaskClient, uow: UnitOfWork, issued: Issued) -> None:
    grace = uow.acting_as(actor(uow.session, person(uow, "Grace", StaffRole.MODERATOR)))
    services.revoke(grace, passport=issued.passport, reason="A mistake.")
    services.issue_again(grace, lot_id=issued.lot.id, issuer=issued.issuer)
    uow.commit()

    old = client.get(f"/l/{issued.lot.reference}/v/1").text
    new = client.get(f"/l/{issued.lot.reference}").text

    assert "Revoked. Do not trust this passport." in old
    assert "Go to the newest version" in old
    assert "Not proven yet." in new
    assert client.get(f"/l/{issued.lot.reference}/v/3").status_code == 404
    assert client.get(f"/l/{issued.lot.reference}/v/2/bundle").status_code == 409


def test_the_code_on_the_bag_reads_back_in_capitals(uow: UnitOfWork, issued: Issued) -> None:
    picture = Image.open(io.BytesIO(qr.png_of("https://market.example", reference=issued.lot.reference)))

    (found,) = zxingcpp.read_barcodes(picture)

    assert found.text == f"HTTPS://MARKET.EXAMPLE/L/{issued.lot.reference}"
    assert str(found.error_correction_level if hasattr(found, "error_correction_level") else "Q")


def test_the_page_to_print_is_one_sheet(client: FlaskClient, issued: Issued) -> None:
    answer = client.get(f"/l/{issued.lot.reference}/pdf")

    assert answer.data.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type\s*/Page\b", answer.data)) == 1
    assert client.get(f"/l/{issued.lot.reference}/qr.svg").text.startswith("<svg")


def test_gold_is_printed_on_one_sheet_too(client: FlaskClient, uow: UnitOfWork) -> None:
    lot, *_ = published_lot(uow, steps=GOLD)
    found = issued_passport(uow, lot)
    uow.commit()

    answer = client.get(f"/l/{found.lot.reference}/pdf")
    page = words(client.get(f"/l/{found.lot.reference}").text)

    assert answer.status_code == 200
    assert len(re.findall(rb"/Type\s*/Page\b", answer.data)) == 1
    assert "the goods in your hand" in page
    assert "stone in your hand" not in page


def test_a_lot_that_travelled_is_still_one_sheet(client: FlaskClient, uow: UnitOfWork) -> None:
    sold = issued_passport(uow, accepted_order(uow).lot)
    uow.commit()

    answer = client.get(f"/l/{sold.lot.reference}/pdf")

    assert answer.status_code == 200
    assert len(re.findall(rb"/Type\s*/Page\b", answer.data)) == 1


def send(client: FlaskClient, raw: bytes) -> tuple[int, str]:
    answer = client.post("/verify", data={"bundle": (io.BytesIO(raw), "bundle.zip")})
    return answer.status_code, words(answer.text)


def test_a_dropped_bundle_is_answered_line_by_line(client: FlaskClient, uow: UnitOfWork, issued: Issued) -> None:
    status, said = send(client, zip_of(uow, issued))

    assert status == 200
    assert "This bundle is genuine. Every check holds." in said
    assert "It was not revoked." in said
    assert "Does not hold" not in said


def test_a_bundle_of_somebody_else_is_told_apart(client: FlaskClient, uow: UnitOfWork, issued: Issued) -> None:
    files = bundle_of(uow, issued)
    files["passport.json"] = files["passport.json"].replace(b'"passportVersion":"1"', b'"passportVersion":"9"')
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)

    status, said = send(client, buffer.getvalue())

    assert status == 200
    assert "Do not trust this bundle." in said
    assert "The signature does not hold." in said
    assert "Its entry stands in our signed log." in said


def test_a_bundle_from_before_the_revocation_is_told_revoked(
    client: FlaskClient, uow: UnitOfWork, issued: Issued
) -> None:
    before = zip_of(uow, issued)
    grace = uow.acting_as(actor(uow.session, person(uow, "Grace", StaffRole.MODERATOR)))
    services.revoke(grace, passport=issued.passport, reason="The stone was exchanged.")
    uow.commit()

    _status, said = send(client, before)

    assert "This passport was revoked. Do not trust it." in said
    assert "This bundle is genuine" not in said
    assert "It was not revoked." not in said
    assert "It was revoked, or its status is not genuine." in said
    assert "The list in this bundle is older than the revocation." in said
    assert "Revoked" in words(client.get(f"/l/{issued.lot.reference}").text)


def test_a_passport_of_the_second_status_list_is_found_there_and_only_there(
    client: FlaskClient, uow: UnitOfWork, issued: Issued, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        # 131,072 bits a list: the sixth of the second list
        patched.setattr(services, "_next_index", lambda _uow: 131_072 + 5)
        lot = published_lot(uow, number=9)[0]
        second = services.issue_if_changed(uow, lot_id=lot.id, issuer=issued.issuer)
    assert second is not None
    grace = uow.acting_as(actor(uow.session, person(uow, "Grace", StaffRole.MODERATOR)))
    services.revoke(grace, passport=second, reason="The stone was exchanged.")
    uow.commit()

    status = json.loads(client.get(f"/l/{lot.reference}/passport.json").text)["credentialStatus"]
    lists = [json.loads(client.get(f"/status-lists/{number}").text) for number in (0, 1)]

    assert status["statusListCredential"] == lists[1]["id"]
    assert lists[1]["id"].endswith("/status-lists/1")
    assert status["statusListIndex"] == "5"
    assert [revoked_in(listed) for listed in lists] == [[], [5]]
    assert client.get("/status-lists/2").status_code == 404


def revoked_in(listed: dict[str, Any]) -> list[int]:
    """Return the places whose bit is set, the most significant bit of a byte first."""
    bits = decoded_list(listed["credentialSubject"]["encodedList"])
    return [8 * place + bit for place, byte in enumerate(bits) if byte for bit in range(8) if byte & 0x80 >> bit]


def test_what_is_no_bundle_is_refused_with_the_reason(client: FlaskClient, uow: UnitOfWork) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("../passport.json", b"{}")

    assert send(client, b"not a zip")[0] == 422
    assert "leads out of the bundle" in send(client, buffer.getvalue())[1]
    assert client.post("/verify").status_code == 422


def test_a_typed_code_leads_to_the_passport(client: FlaskClient, issued: Issued) -> None:
    for typed in (issued.lot.reference.lower(), f"https://market.example/L/{issued.lot.reference}"):
        answer = client.get("/verify", query_string={"code": typed})
        assert (answer.status_code, answer.headers["Location"]) == (303, f"/l/{issued.lot.reference}")
    assert client.get("/verify?code=TZ-0000-0000").status_code == 422


def test_a_lot_without_a_passport_has_no_page(client: FlaskClient, uow: UnitOfWork) -> None:
    lot, _, _ = published_lot(uow)
    uow.commit()

    assert client.get(f"/l/{lot.reference}").status_code == 404


def test_the_lot_and_its_journey_lead_to_the_passport(client: FlaskClient, issued: Issued) -> None:
    for page in (f"/lots/{issued.lot.reference}", f"/lots/{issued.lot.reference}/journey"):
        assert f'href="/l/{issued.lot.reference}"' in client.get(page).text


def test_a_lot_without_a_passport_leads_to_none(client: FlaskClient, uow: UnitOfWork) -> None:
    lot, _, _ = published_lot(uow)
    uow.commit()

    for page in (f"/lots/{lot.reference}", f"/lots/{lot.reference}/journey"):
        answer = client.get(page)
        assert answer.status_code == 200
        assert f"/l/{lot.reference}" not in answer.text


def test_entries_about_a_passport_name_its_lot(app: Flask, uow: UnitOfWork, issued: Issued) -> None:
    grace = uow.acting_as(actor(uow.session, person(uow, "Grace", StaffRole.MODERATOR)))
    services.revoke(grace, passport=issued.passport, reason="A mistake.")
    uow.commit()

    rows = queries.history(uow.session, kind="lot", key=str(issued.lot.id), limit=20)
    with app.test_request_context():
        told = [entry["sentence"] for entry in shown(uow.session, list(rows))]

    assert f"The passport of lot {issued.lot.reference} was signed." in told
    assert any(line.endswith(f" revoked the passport of lot {issued.lot.reference}.") for line in told)
