"""Owners told in the application, and the papers beside each of its steps."""

from flask import Flask
from sqlalchemy import select

from marketplace.compliance.queries import sites_of
from marketplace.documents.owners import Owner
from marketplace.onboarding.services import applications
from marketplace.onboarding.step_papers import Standing, papers_of_step, standing_of
from marketplace.onboarding.steps import Step
from marketplace.screening.models import BeneficialOwner
from marketplace.unit_of_work import UnitOfWork
from tests.builders.documents import accepted, uploaded
from tests.builders.onboarding import acting, cooperative_of, filled, handed_in, moderator, with_people_and_site
from tests.builders.screening import hits, put_in_force, un_list
from tests.people import member, person, signed_in

OWNER = {"owner_name": "Sahr Tunkara", "share": "33.3", "birth_year": "1971", "owner_country": "ML"}


def key(number: int) -> dict[str, str]:
    return {"idempotency_key": f"app-papers-{number:04}"}


def test_the_cooperative_tells_its_owners_and_they_are_screened_unseen(app: Flask, uow: UnitOfWork) -> None:
    rehema = person(uow, "Rehema")
    row = filled(uow, rehema)
    put_in_force(uow, un_list("Sahr Bello TUNKARA"))
    phone = signed_in(app, uow, rehema)
    where = f"/sell/applications/{row.reference}/owners"
    assert f'href="{where}"' in phone.get(f"/sell/applications/{row.reference}/steps/people").text
    wrong = phone.post(where, data={**OWNER, "share": "20", "owner_name": "", **key(1)})
    assert wrong.status_code == 422
    assert "Enter a share from 25 to 100 per cent" in wrong.text
    assert "Enter the name as it stands in the papers." in wrong.text
    told = phone.post(where, data={**OWNER, **key(2)}, follow_redirects=True).text
    assert "Sahr Tunkara" in told
    (hit,) = hits(uow)
    assert (hit.subject_kind, hit.state) == ("owner", "open")
    for path in (where, f"/sell/applications/{row.reference}", "/account"):
        page = phone.get(path).text
        assert hit.reference not in page
        assert "looks like" not in page
    owner = uow.session.scalars(select(BeneficialOwner)).one()
    assert owner.entered_by == rehema.id
    assert phone.post(f"{where}/{owner.id}/end", data=key(3)).status_code == 303
    assert "Sahr Tunkara" not in phone.get(where).text


def test_a_field_officer_tells_owners_on_behalf_and_the_reviewers_read_them(app: Flask, uow: UnitOfWork) -> None:
    mary = moderator(uow, "mary")
    row = filled(uow, mary)
    client = signed_in(app, uow, mary)
    page = client.get(f"/sell/applications/{row.reference}/owners").text
    assert "You enter this on behalf of the cooperative." in page
    assert client.post(f"/sell/applications/{row.reference}/owners", data={**OWNER, **key(1)}).status_code == 303
    assert "Sahr Tunkara" in client.get(f"/staff/applications/{row.reference}").text


def test_owners_stand_still_with_the_application_and_are_part_of_what_is_decided(app: Flask, uow: UnitOfWork) -> None:
    rehema = person(uow, "Rehema")
    row = filled(uow, rehema)
    with_people_and_site(uow, row, rehema)
    phone = signed_in(app, uow, rehema)
    where = f"/sell/applications/{row.reference}/owners"
    assert phone.post(where, data={**OWNER, **key(1)}).status_code == 303
    applications.hand_in(acting(uow, rehema), application=row)
    assert row.content is not None
    assert [each["name"] for each in row.content["owners"]] == ["Sahr Tunkara"]
    uow.commit()
    assert phone.post(where, data={**OWNER, "share": "25", **key(2)}).status_code == 409
    stranger = signed_in(app, uow, person(uow, "Stranger"))
    assert stranger.get(where).status_code == 404
    assert stranger.post(where, data={**OWNER, **key(3)}).status_code == 404


def test_each_step_leads_to_the_papers_it_needs(app: Flask, uow: UnitOfWork) -> None:
    rehema = person(uow, "Rehema")
    row = filled(uow, rehema)
    cooperative = cooperative_of(uow, row)
    _signer, site = with_people_and_site(uow, row, rehema)
    phone = signed_in(app, uow, rehema)
    steps = f"/sell/applications/{row.reference}/steps"
    page = phone.get(f"{steps}/rights").text
    owner = f"cooperative:{cooperative.reference}".replace(":", "%3A")
    plain = f"/cooperative/documents/new?owner=cooperative:{cooperative.reference}&amp;kind=tax_certificate"
    assert plain in page or f"/cooperative/documents/new?owner={owner}&amp;kind=tax_certificate" in page
    assert "Missing" in page
    assert "RUCOM" not in page  # a paper of Colombia
    assert "If you have one" in page
    uploaded(uow, rehema, Owner(cooperative_id=cooperative.id), "tax_certificate")
    right = Owner(cooperative_id=cooperative.id, site_id=site.id)
    accepted(uow, rehema, right, "mining_right", last_day=site.right_valid_to, minerals=tuple(site.minerals))
    uow.commit()
    assert "Waits for Pact" in phone.get(f"{steps}/rights").text
    of_sites = phone.get(f"{steps}/sites").text
    assert "Accepted" in of_sites
    assert f"Mine site {site.name}" in of_sites


def test_a_viewer_sees_how_papers_stand(uow: UnitOfWork) -> None:
    rehema = person(uow, "Rehema")
    row, _signer = handed_in(uow, rehema)
    cooperative = cooperative_of(uow, row)
    member(uow, "Viewer", cooperative.id)
    found = papers_of_step(uow.session, Step.SITES, cooperative)
    assert [(each.kind, each.standing) for each in found] == [
        ("mining_right", Standing.MISSING),
        ("environmental_permit", Standing.MISSING),
    ]
    assert [each.site for each in found] == sites_of(uow.session, cooperative.id) * 2
    assert papers_of_step(uow.session, Step.PAYOUT, cooperative) == []


def test_the_best_of_several_versions_counts() -> None:
    assert standing_of([]) is Standing.MISSING
    assert standing_of(["expired", "rejected", "pending", "accepted"]) is Standing.ACCEPTED
    assert standing_of(["expired", "rejected", "pending"]) is Standing.PENDING
    assert standing_of(["expired", "rejected"]) is Standing.REJECTED
    assert standing_of(["expired"]) is Standing.EXPIRED
