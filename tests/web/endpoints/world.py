"""A small market with two cooperatives and two buyers, where everything of the first carries a mark."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select

from marketplace.accounts.models import User
from marketplace.accounts.services import change_password, invitations, links, tokens
from marketplace.compliance.models import Cooperative, MineSite
from marketplace.core.actor import MemberRole, StaffRole
from marketplace.http.context import file_store, make_uow
from marketplace.lots.models import Lot, LotVersion
from marketplace.moderation import services as moderation
from marketplace.moderation.models import ModerationCase
from marketplace.notifications.params import unsealed
from marketplace.orders import services as orders
from marketplace.orders.answers import Reason, read_delivery
from marketplace.orders.services import payout_parts
from marketplace.papers import services as papers
from marketplace.papers.sharing import Member
from marketplace.payments import destinations
from marketplace.payments.bank_statements import services as bank_statements
from marketplace.payments.bank_statements.queries import receipts as open_receipts
from marketplace.payments.daily_report import write_report
from marketplace.payments.models import Payout, ProviderCommand
from marketplace.payments.problems import Kind, open_problem
from marketplace.payments.rail_models import PayoutPart
from marketplace.pricing import services as pricing
from marketplace.pricing.book import rows_of_bands
from marketplace.pricing.queries import country_rules, proposals_of, quarantined_rates
from marketplace.pricing.services import import_rules
from marketplace.unit_of_work import UnitOfWork
from tests.builders import rates
from tests.builders.accounts import invitee, letters
from tests.builders.cooperatives import approved_cooperative
from tests.builders.finance import quarantined_news, unmatched_entry
from tests.builders.lots import STONE, draft_lot, photo, published_lot
from tests.builders.moderation import waiting_cooperative
from tests.builders.offers import Market, usd
from tests.builders.orders import (
    DELIVERY_FORM,
    Sale,
    confirmed_order,
    delivered_order,
    funded_order,
    placed_order,
    shipped_order,
)
from tests.builders.payments import MOBILE, prepared_payout, releasing_order
from tests.people import actor, buyer, member, person, session_token
from tests.unit.payments.bank_files import camt053
from tests.web.endpoints.custody import names_of_custody
from tests.web.endpoints.overlays import names_of_overlays
from tests.web.endpoints.signed_log import names_of_the_log

MARK = "Kanarienvogel"
STRANGERS = ("visitor", "carol", "daudi")
Values = Mapping[str, tuple[str, ...]]
MARKED_DRAFT: Mapping[str, Mapping[str, str]] = {
    **STONE,
    "origin": {**STONE["origin"], "group": f"Market day of {MARK}"},
    "price": {**STONE["price"], "reason": f"{MARK} says it is worth it."},
}


@dataclass(frozen=True)
class Walker:
    """Somebody who opens every address: her cookie, her program's token and what she is."""

    name: str
    cookie: str = ""
    token: str = ""
    staff: frozenset[StaffRole] = frozenset()
    member: MemberRole | None = None
    is_buyer: bool = False


@dataclass
class World:
    """The application, its people, the names things have in addresses, and what only some may read."""

    app: Flask
    walkers: dict[str, Walker] = field(default_factory=dict)
    values: dict[str, Values] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)


@dataclass
class First:
    """The first cooperative and the buyer bob with all that is theirs."""

    cooperative: Cooperative
    site: MineSite
    amina: User
    bob: User
    draft: Lot
    waiting: Lot
    case: ModerationCase
    on_sale: Lot
    version: LotVersion
    sales: list[Sale]
    payout: str
    destination: str
    talks: tuple[str, ...]
    hold: str


def built(app: Flask) -> World:
    """Build the world in the application's database."""
    world = World(app)
    with app.app_context():
        uow = make_uow()
        first = _first_cooperative(uow)
        _people(world, uow, first)
        _names(world, uow, first)
        world.secrets = _secrets(first)
        uow.commit()
        uow.session.close()
    return world


def _first_cooperative(uow: UnitOfWork) -> First:
    cooperative, site, amina = approved_cooperative(
        uow, form={"contact_phone": "+255 712 777 123"}, latitude="-3.512345"
    )
    amina.name = f"Amina {MARK}"
    uow.record("user.change_profile", amina)
    of = (site, amina)
    bob, _row = buyer(uow, f"Bob {MARK}", level=3)
    draft = draft_lot(uow, seller=of, steps=MARKED_DRAFT, number=20)
    waiting = draft_lot(uow, seller=of, steps=MARKED_DRAFT, number=21)
    case = moderation.submit_lot(uow.acting_as(actor(uow.session, amina)), lot=waiting)
    on_sale, version, _ = published_lot(uow, of=of, number=22)
    paid = releasing_order(uow, of=of, bob=bob, number=1, form={**MOBILE, "holder": f"Holder {MARK}"})
    held = delivered_order(uow, of=of, bob=bob, number=2)
    orders.report_problem(held.as_buyer(), order=held.order, reason=Reason("damaged", f"Chipped, {MARK}."))
    makers = (placed_order, funded_order, confirmed_order, shipped_order, delivered_order)
    sales = [paid, held, *(make(uow, of=of, bob=bob, number=3 + place) for place, make in enumerate(makers))]
    payout = prepared_payout(paid)
    _papers(uow, paid)
    destination = destinations.live_destination(uow.session, cooperative.id)
    assert destination is not None
    return First(
        cooperative, site, amina, bob, draft, waiting, case, on_sale, version, sales, payout.reference,
        str(destination.id), _talks(uow, of, bob), _hold(uow, of, bob),
    )  # fmt: skip


def _talks(uow: UnitOfWork, of: tuple[MineSite, User], bob: User) -> tuple[str, ...]:
    """Let bob make two offers, and the cooperative answer one of them with another amount."""
    found = []
    for number in (23, 24):
        bazaar = Market(uow, *published_lot(uow, of=of, number=number), buyers={"bob": bob})
        found.append(bazaar.offer(800))
    orders.counter_offer(bazaar.as_cooperative(), negotiation=found[1], amount=usd(850))
    return tuple(each.reference for each in found)


def _hold(uow: UnitOfWork, of: tuple[MineSite, User], bob: User) -> str:
    """Let bob keep a lot."""
    lot, _version, _ = published_lot(uow, of=of, number=25)
    return str(orders.hold(uow.acting_as(actor(uow.session, bob)), lot_reference=lot.reference).id)


def _papers(uow: UnitOfWork, sale: Sale) -> None:
    """Write the papers of a sale as the worker would, with the cooperative's members by name."""
    members = (Member("M1", f"Member {MARK}", 1),)
    papers.enter_sharing_rule(sale.as_cooperative(), cooperative_id=sale.order.cooperative_id, members=members)
    payout = uow.session.scalars(select(Payout).where(Payout.order_id == sale.order.id)).one()
    papers.issue_invoice(uow, order=sale.order)
    papers.issue_statement(uow, payout=payout)


def _people(world: World, uow: UnitOfWork, first: First) -> None:
    _second, site, daudi = approved_cooperative(uow)
    draft_lot(uow, seller=(site, daudi), number=40)
    carol, _row = buyer(uow, "Carol", level=3)
    lot, version, _ = published_lot(uow, of=(site, daudi), number=41)
    orders.buy(
        uow.acting_as(actor(uow.session, carol)),
        lot_reference=lot.reference,
        version_sha256=version.sha256,
        delivery=read_delivery({**DELIVERY_FORM, "recipient": "Carol", "street": "Ringweg 3", "phone": "+49 40 9"}),
    )
    first_id = first.cooperative.id
    viewer = member(uow, f"Vera {MARK}", first_id, role=MemberRole.VIEWER)
    signer = member(uow, f"Sara {MARK}", first_id, role=MemberRole.SIGNATORY)
    world.walkers["visitor"] = Walker("visitor")
    _walker(world, uow, "bob", first.bob, is_buyer=True)
    _walker(world, uow, "carol", carol, is_buyer=True)
    _walker(world, uow, "amina", first.amina, member=MemberRole.SECRETARY)
    _walker(world, uow, "daudi", daudi, member=MemberRole.SECRETARY)
    _walker(world, uow, "vera", viewer, member=MemberRole.VIEWER)
    _walker(world, uow, "sara", signer, member=MemberRole.SIGNATORY)
    for role in StaffRole:
        staff = person(uow, f"Staff {role.value}", role)
        _walker(world, uow, role.value, staff, staff=frozenset({role}))


def _walker(world: World, uow: UnitOfWork, name: str, user: User, **more: Any) -> None:
    own = uow.acting_as(actor(uow.session, user))
    secret = tokens.create(own, label=f"stock {user.name}", scopes=("read", "write")).secret
    world.walkers[name] = Walker(name, session_token(uow, user), secret, **more)


def _names(world: World, uow: UnitOfWork, first: First) -> None:
    """Write down what may stand at each place of an address, by the longest beginning that fits."""
    other_case, applying, _ = waiting_cooperative(uow)
    problem = open_problem(uow, kind=Kind.OTHER_AMOUNT, subject=f"payment {MARK}", detail="USD 1.00")
    uow.session.flush()
    lots = tuple(lot.reference for lot in (first.draft, first.waiting, first.on_sale))
    taken = {
        "reference": tuple(sale.order.reference for sale in first.sales),
        "move": ("add-evidence", "ask-adjustment", "reject", "offer-settlement", "extend-shipping", "match"),
    }
    picture = first.version.content["photos"][0]
    company = {
        "reference": (first.cooperative.reference, applying.reference),
        "site_reference": (first.site.reference,),
        "user_id": (str(first.amina.id),),
    }
    world.values |= {
        **_letters(uow, first),
        **_prices_and_papers(uow, first),
        "/account/tokens": {"token_id": (str(_a_token(uow, first.bob)),)},
        "/api/v1/drafts": {"reference": lots, "slot": ("front",)},
        "/api/v1/lots": {"reference": lots},
        "/api/v1/orders": taken,
        "/api/v1/rates": {"series": ("XAU-USD",)},
        **names_of_custody(uow, first.cooperative, lots),
        "/cooperative/money": {"reference": (first.cooperative.reference,)},
        "/cooperative/orders": taken,
        **names_of_the_log(uow),
        "/lots": {"reference": (first.on_sale.reference, first.sales[2].lot.reference)},
        "/orders": taken,
        "/orders/evidence": {"evidence_id": (_evidence(uow, first),)},
        "/photos": {"sha256": (picture["sha256"],), "width": ("320",)},
        "/sell/cooperatives": company,
        "/staff/cooperatives": company,
        "/staff/finance/accounts": {"destination_id": (first.destination,)},
        "/staff/finance/problems": {"problem_id": (str(problem.id),)},
        **_of_finance(uow, first.payout),
        "/staff/moderation": {"case_id": (str(first.case.id), str(other_case.id))},
        "/staff/orders": taken,
        "/staff/payouts": {"reference": (first.payout,)},
    }


def _evidence(uow: UnitOfWork, first: First) -> str:
    """Let bob show a photo about the disputed order."""
    held = first.sales[1]
    photos = orders.read_photos(uow, [photo()])
    rows = orders.keep_evidence(
        held.as_buyer(), order=held.order, text=f"See {MARK}", photos=photos, store=file_store()
    )
    uow.session.flush()
    return str(rows[0].id)


def _offers(first: First) -> dict[str, Values]:
    """Return the names of negotiations and of what bob keeps."""
    talks = {"reference": first.talks}
    return {
        "/api/v1/offers": talks,
        "/cooperative/offers": talks,
        "/offers": {**talks, "claim_id": (first.hold,)},
        "/staff/offers": talks,
    }


def _prices_and_papers(uow: UnitOfWork, first: First) -> dict[str, Values]:
    """Return the names of rates, charges, price books and papers, and of what lies over orders."""
    return {
        **_offers(first),
        **names_of_overlays(uow, first.bob, mark=MARK),
        "/staff/people": {"user_id": (str(first.bob.id), str(first.amina.id))},
        "/staff/checks": {"reference": tuple(sale.order.reference for sale in first.sales)},
        "/cooperative/papers": {"number": ("PST-2026-000001",), "code": ("M1",)},
        "/cooperative/papers/sharing": {"reference": (first.cooperative.reference,)},
        "/prices": {"metal": ("gold", "silver"), "variety": ("tanzanite",)},
        "/papers": {"number": ("INV-2026-000001",)},
        "/staff/charges": {"rule_id": (_a_charge(uow),), "code": ("FAIRMINED",), "country": ("TZ",)},
        "/staff/papers": {"number": ("INV-2026-000001", "PST-2026-000001")},
        "/staff/rates": {"series": ("XAU-USD",), "rate_id": (_rate_held_back(uow),)},
        "/staff/price-book": {"number": ("1", "2")},
        "/staff/price-book/drafts": {"draft_id": (_a_price_book(uow),), "row": ("2",)},
    }


def _a_part(uow: UnitOfWork) -> str:
    return str(uow.session.scalars(select(PayoutPart.id)).first())


def _a_receipt(uow: UnitOfWork) -> str:
    """Let finance import a movement that nothing explains."""
    finance = uow.session.scalars(select(User).where(User.name == "Staff finance")).one()
    content = camt053(entries=[("B1", 500, "", MARK)])
    bank_statements.import_file(uow.acting_as(actor(uow.session, finance)), content=content, news=payout_parts)
    return str(open_receipts(uow.session)[0][0].id)


def _a_batch(uow: UnitOfWork) -> str:
    """Return the name of a batch nobody made."""
    return "PB-0000-0000"


def _of_finance(uow: UnitOfWork, payout: str) -> dict[str, Values]:
    """Return the names of payouts on their way, of what waits, is unexplained or in quarantine, of a day's report."""
    command = uow.session.scalars(select(ProviderCommand).limit(1)).one()
    entry = unmatched_entry(uow)
    news = quarantined_news(uow)
    day = uow.now.date() - timedelta(days=1)
    write_report(uow, day=day)
    return {
        "/staff/finance/batches": {"reference": (_a_batch(uow),), "kind": ("xml", "csv")},
        "/staff/finance/bank": {"receipt_id": (_a_receipt(uow),)},
        "/staff/finance/parts": {"reference": (payout,), "part_id": (_a_part(uow),)},
        "/staff/finance/commands": {"command_id": (str(command.id),)},
        "/staff/finance/news": {"event_id": (news.event_id,)},
        "/staff/finance/reports": {"day": (day.isoformat(),)},
        "/staff/finance/unmatched": {"entry_id": (entry.id,)},
    }


def _rate_held_back(uow: UnitOfWork) -> str:
    """Let gold jump so far that a curator must look at it."""
    rates.series(uow)
    rates.observe(uow, "4100", "9000")
    return str(quarantined_rates(uow.session)[0].id)


def _a_charge(uow: UnitOfWork) -> str:
    """Import the charges as an operator does; return one that a curator may verify."""
    import_rules(uow)
    return str(country_rules(uow.session, "TZ")[0].id)


def _letters(uow: UnitOfWork, first: First) -> dict[str, Values]:
    """Let letters with links go out; return what stands in them."""
    ada = uow.acting_as(actor(uow.session, person(uow, "Ada", StaffRole.ADMINISTRATOR)))
    secretary = uow.acting_as(actor(uow.session, first.amina))
    asked = invitee("new@example.org", "secretary")
    officer = invitations.invite_officer(
        secretary, cooperative_id=first.cooperative.id, organisation="Mama Madini", invitee=asked
    )
    staff = invitations.invite_staff(ada, invitee=invitee("staff@example.org"))
    change_password.request_reset(uow, email=first.bob.email)
    confirmation = links.make(uow, purpose="confirm_email", email=first.bob.email, user_id=first.bob.id)
    uow.session.flush()
    mails = [(mail, unsealed(mail.params, key=uow.settings.field_key)) for mail in letters(uow)]
    return {
        "/account/": {"token": (officer.token, staff.token, confirmation.token, *_tokens(mails))},
        "/staff/outbox": {"message_id": tuple(str(mail.id) for mail, _ in mails[-3:])},
        "/staff/people/invitations": {"invitation_id": (str(staff.invitation.id),)},
    }


def _tokens(mails: list[Any]) -> list[str]:
    return [str(params["token"]) for _, params in mails[-2:] if "token" in params]


def _a_price_book(uow: UnitOfWork) -> str:
    """Publish an edition, propose another, and leave a draft of the curator's; return the draft's id."""
    first = pricing.import_price_book(uow)
    assert first is not None
    bands = proposals_of(uow.session, first.id)[:8]
    pricing.propose_edition(uow, bands=bands, note=f"Fewer stones, says {MARK}")
    curator = uow.session.scalars(select(User).where(User.name == "Staff curator")).one()
    own = uow.acting_as(actor(uow.session, curator))
    rows = rows_of_bands(bands[:3])
    return str(pricing.upload_draft(own, file_name=f"{MARK}.csv", content=b"rows", rows=rows).id)


def _a_token(uow: UnitOfWork, user: User) -> Any:
    own = uow.acting_as(actor(uow.session, user))
    return tokens.create(own, label="to be taken back", scopes=("read",)).row.id


def _secrets(first: First) -> dict[str, str]:
    """Return what nobody of the second cooperative and no other buyer may ever read."""
    sales = {f"order {place}": sale.order.reference for place, sale in enumerate(first.sales)}
    return {
        **sales,
        "mark in texts and names": MARK,
        "draft": first.draft.reference,
        "waiting lot": first.waiting.reference,
        "case": str(first.case.id),
        "payout": first.payout,
        **{f"negotiation {place}": reference for place, reference in enumerate(first.talks)},
        "street of bob": first.sales[0].order.delivery["street"],
        "address of bob": first.bob.email,
        "address of amina": first.amina.email,
        "telephone of the cooperative": "777 123",
        "place of the mine": "3.5123",
        "parcel": f"JD{first.sales[0].order.reference[-4:]}",
    }
