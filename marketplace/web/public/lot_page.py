"""One published lot, put together from its approved version: only what that version says, with who stands for it."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from marketplace.compliance.models import Cooperative
from marketplace.core.money import Money
from marketplace.core.text import N_
from marketplace.http.languages import translate as _
from marketplace.lots.models import LotListing
from marketplace.lots.vocabulary import (
    CLAIM_SOURCES,
    CLARITIES,
    FINENESS_METHODS,
    FORMS,
    GRADES,
    MERCURY,
    PARCELS,
    PHOTO_SLOTS,
    SHAPES,
    STANDARDS,
    TREATMENTS,
)
from marketplace.orders.terms import TOLERANCES, inspection_days
from marketplace.pricing.labels import BASIS_LABELS, CONFIDENCE_LABELS, SALES_BASES
from marketplace.search.queries import PublishedLot
from marketplace.web.charge_words import notes_of_version
from marketplace.web.filters import country, fineness, money, number, short_date, variety, weight
from marketplace.web.public.cards import AVAILABILITY_TAGS, photo_url
from marketplace.web.public.guide_basis import sales_behind
from marketplace.web.water_words import measured_words
from marketplace.web.working import sentences

Content = Mapping[str, Any]
_NOT_CHECKED: Final = N_("not checked by a laboratory")
# What only a laboratory can say for certain of a stone.
_LABORATORY_MATTERS: Final = ("variety", "treatment")
# Fact, its words, and the vocabulary its code is translated by.
_CODED: Final[tuple[tuple[str, str, Mapping[str, str]], ...]] = (
    ("form", N_("Form"), FORMS),
    ("parcel", N_("Parcel"), PARCELS),
    ("treatment", N_("Treatment"), TREATMENTS),
    ("clarity", N_("Clarity"), CLARITIES),
    ("shape", N_("Shape"), SHAPES),
    ("grade", N_("Quality, as the cooperative sees it"), GRADES),
    ("standard", N_("Standard"), STANDARDS),
    ("mercury", N_("Mercury"), MERCURY),
)


def lot_view(found: PublishedLot) -> dict[str, Any]:
    """Return what public/lot.html shows besides currencies."""
    listing, content = found.listing, found.version.content
    price = Money(found.version.price_minor, found.version.currency)
    return {
        "lot": listing,
        "inspection_days": inspection_days(is_large=False),
        "tolerances": [_(line) for line in TOLERANCES[listing.kind]],
        "title": listing.title,
        "price": price,
        "unit_price": unit_price(listing),
        "tags_shown": _tags(listing.availability, content),
        "photos": _photos(content, listing.title),
        "lines": _lines(content),
        "charges": notes_of_version(content["price"]["lines"], price.currency),
        "guide": guide_of(found.version.guidance, price, content),
        "goods": [*_goods(content), *_coded(content)],
        "origin": _origin(content),
        "reason_for_price": content.get("reason_for_price"),
        "cooperative": found.cooperative,
        "seller": _seller(found.cooperative),
    }


def unit_price(lot: LotListing) -> str:
    """Return the price a gram of gold or a carat of stones in words."""
    amount = money(Money(lot.unit_price_minor, lot.currency))
    return _("%(amount)s a gram", amount=amount) if lot.kind == "gold" else _("%(amount)s a carat", amount=amount)


def guide_of(snapshot: Mapping[str, Any], price: Money, content: Content) -> dict[str, Any]:
    """Return the stored guidance: range, what it rests on, and the price of the goods to hold against it."""
    result: Mapping[str, Any] = snapshot.get("result") or {}
    low, middle, high = (_money(result.get(name)) for name in ("low", "middle", "high"))
    # What the cooperative's goods cost, without fee and premium: guidance is about the goods.
    goods = Money(int(content["price"]["gross_minor"]), price.currency)
    return {
        "is_guided": result.get("outcome") == "guided" and low is not None and high is not None,
        "range": {"low": low, "middle": middle, "high": high},
        # Guidance is in dollars; a price in another currency is not held against it.
        "goods": goods if low is not None and goods.currency == low.currency else None,
        "basis": _(BASIS_LABELS.get(str(result.get("basis")), BASIS_LABELS["no_band_no_sales"])),
        "confidence": _(CONFIDENCE_LABELS.get(str(result.get("confidence")), CONFIDENCE_LABELS["none"])),
        "count": result.get("count") if result.get("basis") in SALES_BASES else 0,
        "is_unverified": bool(result.get("unverified")),
        "is_stale": bool(result.get("stale")),
        **sales_behind(snapshot),
        "is_unsorted": result.get("basis") == "unsorted",
        "working": sentences(snapshot),
        # what a page of its own can show of it
        "is_open": bool(snapshot.get("inputs")),
    }


def _money(value: Any) -> Money | None:
    return Money(int(value["minor"]), str(value["currency"])) if isinstance(value, Mapping) else None


def _lines(content: Content) -> list[dict[str, Any]]:
    price: Content = content.get("price") or {}
    return [
        {
            "label": line["label"],
            "amount": Money(int(line["amount_minor"]), price["currency"]),
            "payee": line["payee"],
            "is_unverified": line.get("evidence") == "unverified" and line["payee"] == "deduction",
        }
        for line in price.get("lines") or ()
    ]


def _tags(availability: str, content: Content) -> list[tuple[str, str]]:
    found = [(_("Approved by Pact"), "good")]
    if availability in AVAILABILITY_TAGS:
        words, tone = AVAILABILITY_TAGS[availability]
        found.insert(0, (_(words), tone))
    if (content.get("cooperative") or {}).get("women_led"):
        found.append((_("Women’s cooperative"), "info"))
    return found


def _photos(content: Content, title: str) -> list[dict[str, Any]]:
    return [
        {
            "url": photo_url(photo["sha256"], 800),
            "full": photo_url(photo["sha256"], 1600),
            "alt": _("%(title)s: %(side)s", title=title, side=_(PHOTO_SLOTS.get(photo["slot"], ""))),
        }
        for photo in content.get("photos") or ()
    ]


def _goods(content: Content) -> list[dict[str, str]]:
    kind = str(content["kind"])
    found = [_fact(content, "weight", N_("Weight"), weight(int(content["weight_mg"]), kind))]
    if int(content.get("pieces") or 1) > 1:
        found.append(_fact(content, "pieces", N_("Pieces"), number(int(content["pieces"]))))
    if content.get("variety"):
        found.append(_fact(content, "variety", N_("Kind of stone"), variety(content["variety"])))
    if content.get("fineness_permille"):
        found.append(_purity(content))
    if content.get("fineness_method"):
        method = FINENESS_METHODS.get(content["fineness_method"], content["fineness_method"])
        found.append({"term": _("How the fineness was measured"), "value": _(method)})
    for name, term in (("colour", N_("Colour")), ("dimensions", N_("Size in millimetres"))):
        if content.get(name):
            found.append(_fact(content, name, term, str(content[name])))
    return found


def _purity(content: Content) -> dict[str, str]:
    fact = _fact(content, "fineness", N_("Fineness"), fineness(Decimal(str(content["fineness_permille"]))))
    # Versions frozen before the weights were asked for have none.
    return {**fact, "how": measured_words(content["water_test"])} if content.get("water_test") else fact


def _coded(content: Content) -> list[dict[str, str]]:
    return [
        _fact(content, name, term, _(words.get(content[name], content[name])))
        for name, term, words in _CODED
        if content.get(name) and content[name] != "single"
    ]


def _fact(content: Content, name: str, term: str, value: str) -> dict[str, str]:
    source = str((content.get("claims") or {}).get(name, "declared"))
    how = _(CLAIM_SOURCES.get(source, CLAIM_SOURCES["declared"]))
    if source == "laboratory_report" and content.get("report_number"):
        how = _("laboratory report no. %(report)s", report=content["report_number"])
    elif name in _LABORATORY_MATTERS and source != "laboratory_report":
        how = _("%(source)s, %(remark)s", source=how, remark=_(_NOT_CHECKED))
    return {"term": _(term), "value": value, "how": how}


def _origin(content: Content) -> list[dict[str, str]]:
    place = _("%(place)s, %(country)s", place=content["place"], country=country(content["country"]))
    found = [{"term": _("District"), "value": place, "how": _("shown to the nearest district, to protect the miners")}]
    first, last = (_day(content.get(name)) for name in ("mined_from", "mined_to"))
    if first and last:
        found.append({"term": _("Mined"), "value": _("%(first)s to %(last)s", first=first, last=last)})
    if content.get("site_reference"):
        found.append({"term": _("Mine site"), "value": str(content["site_reference"])})
    if content.get("tag_number"):
        found.append({"term": _("Number on the seal of the bag"), "value": str(content["tag_number"])})
    return found


def _seller(cooperative: Cooperative) -> list[dict[str, str]]:
    place = ", ".join(part for part in (cooperative.district, cooperative.region) if part)
    members = _(
        "%(total)s, %(women)s of them women",
        total=number(cooperative.members_total),
        women=number(cooperative.members_women),
    )
    found = [
        {"term": _("Cooperative"), "value": cooperative.legal_name},
        {"term": _("Place"), "value": _("%(place)s, %(country)s", place=place, country=country(cooperative.country))},
        {"term": _("Members"), "value": members, "how": _("declared by the cooperative")},
    ]
    if cooperative.founded_on:
        found.append({"term": _("Founded"), "value": str(cooperative.founded_on.year)})
    return found


def _day(text: Any) -> str:
    return short_date(date.fromisoformat(str(text))) if text else ""
