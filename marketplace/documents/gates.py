"""What papers goods still lack before they are published and before they leave: facts read for the pure rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from marketplace.compliance.country_rules import PUBLISH
from marketplace.compliance.gate import Goods, Unmet
from marketplace.compliance.models import Cooperative, MineSite
from marketplace.compliance.requirements import Paper, Trade, broken_rules, missing_papers, notices
from marketplace.documents.models import Document
from marketplace.incidents.cahra import area_of
from marketplace.incidents.services.areas import edition_in_force


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale:
    """Goods with who sells them and where they come from; `leaves_country` is whether they go abroad."""

    goods: Goods
    variety: str | None
    cooperative_id: UUID
    site_reference: str | None
    lot_id: UUID | None = None
    order_id: UUID | None = None
    leaves_country: bool = True


def unmet_papers(session: Session, sale: Sale, *, stage: str, today: date) -> list[Unmet]:
    """Return one explanation for each paper that goods lack at a stage, and for each rule that blocks them."""
    site = _site(session, sale)
    papers = papers_of(session, sale, site=site)
    trade = _trade(session, sale, site, today=today)
    rules = broken_rules(trade, papers, today=today) if stage == PUBLISH else []
    return [*rules, *missing_papers(trade, papers, stage=stage, today=today)]


def notices_of(sale: Sale) -> list[str]:
    """Return what people should know of the country's rules for these goods, and nothing blocks."""
    return notices(Trade(goods=sale.goods, variety=sale.variety, seller_form=""))


def papers_of(session: Session, sale: Sale, *, site: MineSite | None) -> list[Paper]:
    """Return what is known of the current documents about these goods."""
    mine = [Document.owner == "cooperative"]
    if site is not None:
        mine.append(Document.site_id == site.id)
    if sale.lot_id is not None:
        mine.append(Document.lot_id == sale.lot_id)
    if sale.order_id is not None:
        mine.append(Document.order_id == sale.order_id)
    wanted = select(Document).where(
        Document.cooperative_id == sale.cooperative_id, Document.replaced_at.is_(None), or_(*mine)
    )
    return [_paper(each) for each in session.scalars(wanted)]


def is_in_conflict_area(session: Session, sites: Sequence[MineSite], *, on: date) -> bool:
    """Say whether the list in force names the area of one of the sites."""
    areas = edition_in_force(session).areas
    return any(
        area_of(areas, country=site.country, region=site.region, district=site.district, on=on) for site in sites
    )


def _site(session: Session, sale: Sale) -> MineSite | None:
    if not sale.site_reference:
        return None
    wanted = select(MineSite).where(
        MineSite.cooperative_id == sale.cooperative_id, MineSite.reference == sale.site_reference
    )
    return session.scalar(wanted)


def _trade(session: Session, sale: Sale, site: MineSite | None, *, today: date) -> Trade:
    return Trade(
        goods=sale.goods,
        variety=sale.variety,
        seller_form=session.get_one(Cooperative, sale.cooperative_id).legal_form,
        is_in_conflict_area=site is not None and is_in_conflict_area(session, [site], on=today),
        leaves_country=sale.leaves_country,
    )


def _paper(row: Document) -> Paper:
    return Paper(
        kind=row.kind,
        state=row.state,
        issued_on=row.issued_on,
        expires_on=row.expires_on,
        of_lot=row.owner == "lot",
        minerals=frozenset(row.minerals),
    )
