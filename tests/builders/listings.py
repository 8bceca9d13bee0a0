"""Published lots by the row: many and odd ones for search, where going through every form would take minutes."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from marketplace.compliance.models import Cooperative
from marketplace.core.ids import new_id, new_reference
from marketplace.lots import titles
from marketplace.lots.models import Lot, LotListing, LotVersion
from marketplace.unit_of_work import UnitOfWork
from tests.builders.approvals import approve_by_hand
from tests.people import person


def bare_cooperative(uow: UnitOfWork, name: str = "Mama Madini Cooperative") -> Cooperative:
    """Make an approved cooperative without its story."""
    row = Cooperative(
        reference=new_reference("CO"),
        legal_name=name,
        legal_form="cooperative",
        registration_number="MNY-2019-0417",
        country="TZ",
        region="Manyara",
        district="Simanjiro",
        members_total=48,
        members_women=31,
        is_women_led=True,
        about="We dig, sort and sell together.",
        payout_currency="TZS",
        state="approved",
        created_at=uow.now,
    )
    uow.session.add(row)
    uow.session.flush()
    uow.record("cooperative.approve", row)
    return row


def stone(**other: Any) -> dict[str, Any]:
    """Return the answers of a tanzanite of 3.42 carats at 1,240 dollars, of which 967.20 are the cooperative's."""
    return {
        "kind": "gem",
        "form": "rough",
        "variety": "tanzanite",
        "treatment": "N",
        "colour": "violet blue",
        "clarity": "clean",
        "shape": "crystal",
        "grade": "fine",
        "standard": None,
        "country": "TZ",
        "place": "Simanjiro, Manyara",
        "weight_mg": 684,
        "pieces": 1,
        "fineness_permille": None,
        "price_minor": 124_000,
        "net_minor": 96_720,
        "women_led": True,
        **other,
    }


def gold(**other: Any) -> dict[str, Any]:
    """Return the answers of 250 grams of doré at 920 parts per thousand."""
    return stone(
        kind="gold", form="dore", variety=None, treatment=None, colour=None, clarity=None, shape=None, grade=None,
        weight_mg=250_000, fineness_permille="920", fineness_method="fire_assay", report_number="GST-1187",
        mercury="mercury_free", price_minor=3_000_000, net_minor=2_700_000,
    ) | other  # fmt: skip


def listed(
    uow: UnitOfWork,
    cooperative: Cooperative,
    answers: dict[str, Any],
    *,
    availability: str = "available",
    published_at: datetime | None = None,
    guidance: dict[str, Any] | None = None,
) -> LotListing:
    """Put a lot on sale (or reserve or sell it) without the forms and the review."""
    at = published_at or uow.now - timedelta(days=1)
    author = uow.session.info.get("listing_author") or person(uow, "lister").id
    uow.session.info["listing_author"] = author
    content = _content(answers, cooperative)
    lot = _lot(cooperative, content, author=author, at=at)
    uow.session.add(lot)
    uow.session.flush()
    version = _version(lot, content, author=author, guidance=guidance or {})
    uow.session.add(version)
    uow.session.flush()
    reviewer = uow.session.info.get("listing_reviewer") or person(uow, "lister's reviewer").id
    uow.session.info["listing_reviewer"] = reviewer
    approve_by_hand(uow, lot, version, reviewer_id=reviewer)
    lot.state, lot.published_version_id = "published", version.id
    listing = _listing(lot, version, availability=availability)
    uow.session.add(listing)
    uow.session.flush()
    uow.record("lot.publish", lot, version)
    return listing


def _content(answers: dict[str, Any], cooperative: Cooperative) -> dict[str, Any]:
    price, net = answers["price_minor"], answers["net_minor"]
    fee = price // 20
    lines = (("cooperative", "Cooperative", net), ("deduction", "Royalty", price - net - fee),
             ("platform", "Platform fee, paid by the buyer", fee))  # fmt: skip
    return {
        **answers,
        "title": answers.get("title") or _title(answers),
        "site_reference": "MS-1",
        "mined_from": "2026-08-01",
        "mined_to": "2026-08-20",
        "tag_number": "TZ-00412",
        "photos": [{"slot": "front", "sha256": "a" * 64, "width": 1600, "height": 1200}],
        "price": {
            "currency": "USD",
            "price_minor": price,
            "net_minor": net,
            "gross_minor": price - fee,
            "lines": [{"code": payee, "label": label, "payee": payee, "amount_minor": amount, "evidence": "sourced"}
                      for payee, label, amount in lines],
        },
        "cooperative": {"name": cooperative.legal_name, "women_led": answers["women_led"]},
        "claims": {"weight": "measured_by_cooperative", "variety": "declared", "fineness": "laboratory_report"},
        "reason_for_price": None,
    }  # fmt: skip


def _title(answers: dict[str, Any]) -> str:
    weight, pieces, form = answers["weight_mg"], answers["pieces"], answers["form"]
    if answers["kind"] == "gold":
        purity = Decimal(answers["fineness_permille"])
        return titles.title_of_gold(form, weight_mg=weight, pieces=pieces, fineness_permille=purity)
    return titles.title_of_stone(answers["variety"], form, weight_mg=weight, pieces=pieces)


def _lot(cooperative: Cooperative, content: dict[str, Any], *, author: UUID, at: datetime) -> Lot:
    return Lot(
        id=new_id(),
        reference=new_reference("TZ"),
        cooperative_id=cooperative.id,
        kind=content["kind"],
        draft={},
        created_by=author,
        created_at=at,
        updated_at=at,
        published_at=at,
    )


def _version(lot: Lot, content: dict[str, Any], *, author: UUID, guidance: dict[str, Any]) -> LotVersion:
    return LotVersion(
        lot_id=lot.id,
        number=1,
        content=content,
        sha256=lot.id.hex * 2,
        guidance=guidance,
        price_minor=content["price_minor"],
        net_minor=content["net_minor"],
        currency="USD",
        submitted_by=author,
        submitted_at=lot.created_at,
    )


def _listing(lot: Lot, version: LotVersion, *, availability: str) -> LotListing:
    content = version.content
    unit_mg = 1000 if content["kind"] == "gold" else 200
    return LotListing(
        lot_id=lot.id,
        version_id=version.id,
        reference=lot.reference,
        cooperative_id=lot.cooperative_id,
        cooperative_name=content["cooperative"]["name"],
        is_women_led=content["women_led"],
        currency="USD",
        price_minor=content["price_minor"],
        unit_price_minor=content["price_minor"] * unit_mg // content["weight_mg"],
        miner_share_bp=content["net_minor"] * 10_000 // content["price_minor"],
        photo_sha256="a" * 64,
        availability=availability,
        published_at=lot.published_at,
        search_text=titles.search_text(content),
        **{name: content[name] for name in (
            "title", "kind", "form", "variety", "treatment", "country", "place", "weight_mg", "pieces",
            "fineness_permille",
        )},
    )  # fmt: skip
