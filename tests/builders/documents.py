"""Documents, made through the services: sent by an officer, accepted by a moderator."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select

from marketplace.accounts.models import User
from marketplace.compliance.document_kinds import MUST, document_kinds
from marketplace.compliance.models import Cooperative, MineSite
from marketplace.compliance.queries import site_of
from marketplace.core.actor import StaffRole
from marketplace.core.storage import LocalStore
from marketplace.documents.answers import Told
from marketplace.documents.models import Document
from marketplace.documents.owners import Owner
from marketplace.documents.services import reviewing, uploading
from marketplace.documents.services.uploading import Sent
from marketplace.lots.models import LotVersion
from marketplace.lots.services.site_pauses import bring_in_line
from marketplace.orders.models import Order
from marketplace.orders.shipping_papers import missing_papers_of
from marketplace.unit_of_work import UnitOfWork
from tests.people import actor, person

NOTE: Final = {"note": "The issuer confirmed it on the telephone."}


def pdf(number: int | str = 1) -> bytes:
    """Return a tiny whole PDF; every number gives another one."""
    body = f"1 0 obj <</Type /Catalog /Number ({number})>> endobj trailer <</Root 1 0 R>>"
    return f"%PDF-1.4\n{body}\nstartxref\n0\n%%EOF\n".encode()


def sent(number: int | str = 1) -> Sent:
    """Return a tiny PDF as a form sends it."""
    return Sent(pdf(number), "paper.pdf")


def uploaded(
    uow: UnitOfWork,
    officer: User,
    owner: Owner,
    kind: str,
    *,
    number: str = "",
    issued_on: date | None = None,
    last_day: date | None = None,
    minerals: tuple[str, ...] = (),
    file: Sent | None = None,
) -> Document:
    """Let an officer send a paper; issued today unless told."""
    own = number or f"{kind[:3].upper()}-{owner.kind}-{str(owner.order_id or owner.lot_id or owner.site_id or '')[-8:]}"
    issued = issued_on or uow.now.date()
    ends = document_kinds()[kind].last_day(issued_on=issued, expires_on=last_day)
    told = Told(own, "The ministry", issued, ends, minerals)
    return uploading.upload(
        uow.acting_as(actor(uow.session, officer)),
        owner=owner,
        kind=document_kinds()[kind],
        told=told,
        sent=file or sent(f"{kind} {own} {owner}"),
        store=LocalStore(uow.settings.files_dir),
    )


def reader(uow: UnitOfWork, cooperative_id: UUID) -> UnitOfWork:
    """Return a unit of work of who approved the cooperative, or of a moderator who reads papers."""
    by = uow.session.get_one(Cooperative, cooperative_id).decided_by
    wanted = select(User).where(User.email == "reader.of.papers@example.org")
    user = uow.session.get(User, by) if by else uow.session.scalar(wanted)
    return uow.acting_as(actor(uow.session, user or person(uow, "Reader of papers", StaffRole.MODERATOR)))


def accepted(uow: UnitOfWork, officer: User, owner: Owner, kind: str, **told: object) -> Document:
    """Let an officer send a paper and a moderator accept it."""
    row = uploaded(uow, officer, owner, kind, **told)  # type: ignore[arg-type]
    reviewing.accept(reader(uow, owner.cooperative_id), document=row, form=NOTE, in_line=bring_in_line)
    return row


def papers_of_site(uow: UnitOfWork, site: MineSite, officer: User) -> None:
    """Give a cooperative what it needs before it can publish: papers of its site, and what its country asks."""
    own, whole = Owner(cooperative_id=site.cooperative_id, site_id=site.id), Owner(cooperative_id=site.cooperative_id)
    accepted(
        uow, officer, own, "mining_right", number=site.right_number, issued_on=site.right_valid_from,
        last_day=site.right_valid_to, minerals=tuple(site.minerals),
    )  # fmt: skip
    attested = site.child_labour_attested_on
    accepted(uow, officer, own, "child_labour_attestation", issued_on=attested)
    accepted(uow, officer, own, "miner_payment_sheet")
    if site.country in {"CD", "CO", "ML"}:
        accepted(uow, officer, own, "site_inspection")
    if site.country == "CO":
        accepted(uow, officer, whole, "rucom_certificate")
    if site.country == "ML":
        accepted(uow, officer, whole, "carte_orpailleur", last_day=date(uow.now.year + 2, 1, 1))


def papers_of_order(uow: UnitOfWork, order: Order, officer: User) -> None:
    """Give an order every paper its goods need before they leave their country."""
    site = uow.session.get_one(LotVersion, order.version_id).content["site_reference"]
    for each in missing_papers_of(uow.session, order, today=uow.now.date()):
        kind = document_kinds()[each.about]
        whole = Owner(cooperative_id=order.cooperative_id)
        owners = {
            "order": replace(whole, order_id=order.id),
            "site": replace(whole, site_id=site_of(uow.session, order.cooperative_id, site).id),
            "cooperative": whole,
        }
        owner = next(found for name, found in owners.items() if name in kind.belongs_to)
        last_day = uow.now.date() + timedelta(days=365) if kind.expires == MUST else None
        accepted(uow, officer, owner, kind.code, last_day=last_day)
