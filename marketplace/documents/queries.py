"""Read documents: pages for staff and cooperatives, the current ones of an owner, twins of one."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, tuple_
from sqlalchemy.orm import Session

from marketplace.compliance.document_kinds import LABELS, document_kinds
from marketplace.compliance.models import Cooperative, MineSite
from marketplace.core.actor import Actor
from marketplace.core.errors import NotFound
from marketplace.documents.answers import number_key
from marketplace.documents.doubts import Seen, SiteTold
from marketplace.documents.models import Document
from marketplace.documents.owners import Owner
from marketplace.documents.transitions import State

PAGE: Final = 25
MOST_VERSIONS: Final = 100
MOST_OF_OWNER: Final = 200
MOST_NAMED: Final = 5


class Placed(NamedTuple):
    """A document with its cooperative, and its site when it is one's."""

    document: Document
    cooperative: Cooperative
    site: MineSite | None


class Filters(NamedTuple):
    """What staff look for; empty means all."""

    state: str = ""
    kind: str = ""


def placed(session: Session, document_id: UUID, *, lock: bool = False) -> Placed:
    """Return a document with where it belongs; raise NotFound."""
    wanted = _placed().where(Document.id == document_id)
    if lock:
        wanted = wanted.with_for_update(of=Document).execution_options(populate_existing=True)
    row = session.execute(wanted).one_or_none()
    if row is None:
        raise NotFound
    return Placed(*row)


def placed_of_member(session: Session, document_id: UUID, actor: Actor) -> Placed:
    """Return a document of a cooperative the actor is an officer of; otherwise it is not there."""
    found = placed(session, document_id)
    if found.cooperative.id not in actor.memberships:
        raise NotFound
    return found


def page_for_staff(session: Session, filters: Filters, *, after: tuple[datetime, UUID] | None) -> list[Placed]:
    """Return one page and one more row; what waits is shown oldest first, everything else newest first."""
    wanted = _placed().limit(PAGE + 1)
    if filters.kind:
        wanted = wanted.where(Document.kind == filters.kind)
    place = tuple_(Document.uploaded_at, Document.id)
    if filters.state == "pending":
        wanted = wanted.where(Document.state == "pending", Document.replaced_at.is_(None))
        wanted = wanted.order_by(Document.uploaded_at, Document.id)
        return _rows(session, wanted.where(place > after) if after else wanted)
    if filters.state:
        wanted = wanted.where(Document.state == filters.state)
    wanted = wanted.order_by(Document.uploaded_at.desc(), Document.id.desc())
    return _rows(session, wanted.where(place < after) if after else wanted)


def page_of_member(session: Session, actor: Actor, *, after: tuple[datetime, UUID] | None) -> list[Placed]:
    """Return one page of the current documents of the actor's cooperatives, newest first, and one more row."""
    wanted = _placed().where(Document.cooperative_id.in_(list(actor.memberships)), Document.replaced_at.is_(None))
    if after is not None:
        wanted = wanted.where(tuple_(Document.uploaded_at, Document.id) < after)
    return _rows(session, wanted.order_by(Document.uploaded_at.desc(), Document.id.desc()).limit(PAGE + 1))


def documents_of(session: Session, owner: Owner) -> Sequence[Document]:
    """Return the current documents of just this owner, oldest first."""
    wanted = select(Document).where(*_is_owned_by(owner), Document.replaced_at.is_(None))
    return session.scalars(wanted.order_by(Document.uploaded_at, Document.id).limit(MOST_OF_OWNER)).all()


def papers_for_buyer(session: Session, *, lot_id: UUID, order_id: UUID) -> Sequence[Document]:
    """Return the accepted papers of an order and its lot that travel with the goods, also those that ended since."""
    kinds = [kind.code for kind in document_kinds().values() if kind.for_buyer]
    wanted = select(Document).where(
        or_(Document.order_id == order_id, Document.lot_id == lot_id),
        Document.kind.in_(kinds),
        Document.state.in_((State.ACCEPTED.value, State.EXPIRED.value)),
        Document.replaced_at.is_(None),
    )
    return session.scalars(wanted.order_by(Document.uploaded_at, Document.id).limit(MOST_OF_OWNER)).all()


def same_paper(session: Session, owner: Owner, *, kind: str, key: str | None) -> Sequence[Document]:
    """Return the current versions of one paper; of kinds with several the number's `key` tells which."""
    wanted = select(Document).where(*_is_owned_by(owner), Document.kind == kind, Document.replaced_at.is_(None))
    if key is not None:
        wanted = wanted.where(Document.number_key == key)
    return session.scalars(wanted.order_by(Document.version)).all()


def versions_of(session: Session, document: Document, *, is_several: bool) -> Sequence[Document]:
    """Return every version of the same paper, newest first."""
    wanted = select(Document).where(*_is_owned_by(owner_of(document)), Document.kind == document.kind)
    if is_several:
        wanted = wanted.where(Document.number_key == document.number_key)
    return session.scalars(wanted.order_by(Document.version.desc()).limit(MOST_VERSIONS)).all()


def owner_of(document: Document) -> Owner:
    """Return what a document belongs to."""
    return Owner(
        cooperative_id=document.cooperative_id,
        site_id=document.site_id,
        lot_id=document.lot_id,
        order_id=document.order_id,
    )


def seen_of(session: Session, document: Document) -> Seen:
    """Return what the doubts about a document rest on."""
    elsewhere = Document.cooperative_id != document.cooperative_id
    numbers = and_(Document.kind == document.kind, Document.number_key == document.number_key, elsewhere)
    return Seen(
        kind=document.kind,
        number_key=document.number_key,
        issued_on=document.issued_on,
        last_day=document.expires_on,
        minerals=frozenset(document.minerals),
        number_at=_holders(session, numbers) if document.number_key else (),
        file_at=_holders(session, and_(Document.sent_sha256 == document.sent_sha256, elsewhere)),
        file_as=_sent_as(session, document),
        of_lots=_other_lots(session, document),
        site=_site_told(session, document),
    )


def _holders(session: Session, condition: ColumnElement[bool]) -> tuple[str, ...]:
    wanted = (
        select(Cooperative.legal_name)
        .join(Document, Document.cooperative_id == Cooperative.id)
        .where(condition, Document.state != "rejected")
    )
    return tuple(session.scalars(wanted.distinct().order_by(Cooperative.legal_name).limit(MOST_NAMED)))


def _sent_as(session: Session, document: Document) -> tuple[str, ...]:
    wanted = select(Document.kind).where(
        Document.cooperative_id == document.cooperative_id,
        Document.sent_sha256 == document.sent_sha256,
        Document.kind != document.kind,
        Document.state != "rejected",
    )
    return tuple(LABELS[kind] for kind in session.scalars(wanted.distinct().order_by(Document.kind).limit(MOST_NAMED)))


def _other_lots(session: Session, document: Document) -> int:
    """Return of how many other lots of the cooperative the same certificate or receipt was sent."""
    if document.lot_id is None:
        return 0
    same = Document.sent_sha256 == document.sent_sha256
    if document.number_key:
        same = or_(same, Document.number_key == document.number_key)
    wanted = select(func.count(Document.lot_id.distinct())).where(
        Document.cooperative_id == document.cooperative_id,
        Document.kind == document.kind,
        Document.lot_id != document.lot_id,
        Document.state != "rejected",
        same,
    )
    return session.scalar(wanted) or 0


def _site_told(session: Session, document: Document) -> SiteTold | None:
    if document.site_id is None:
        return None
    site = session.get_one(MineSite, document.site_id)
    return SiteTold(
        right_key=number_key(site.right_number),
        right_valid_to=site.right_valid_to,
        minerals=frozenset(site.minerals),
        attested_on=site.child_labour_attested_on,
    )


def _is_owned_by(owner: Owner) -> list[ColumnElement[bool]]:
    found = [Document.cooperative_id == owner.cooperative_id, Document.owner == owner.kind]
    if owner.site_id is not None:
        found.append(Document.site_id == owner.site_id)
    if owner.lot_id is not None:
        found.append(Document.lot_id == owner.lot_id)
    if owner.order_id is not None:
        found.append(Document.order_id == owner.order_id)
    return found


def _placed() -> Select[Document, Cooperative, MineSite]:
    return (
        select(Document, Cooperative, MineSite)
        .join(Cooperative, Cooperative.id == Document.cooperative_id)
        .outerjoin(MineSite, MineSite.id == Document.site_id)
    )


def _rows(session: Session, wanted: Select[Document, Cooperative, MineSite]) -> list[Placed]:
    return [Placed(*row) for row in session.execute(wanted)]
