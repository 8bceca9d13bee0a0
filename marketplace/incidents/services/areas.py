"""Import lists of conflict-affected areas, and look places up in the one that counts."""

import hashlib
from datetime import date
from functools import cache
from importlib.resources import files

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.core.errors import Conflict
from marketplace.core.text import N_
from marketplace.incidents.cahra import Area, Edition, read_edition
from marketplace.incidents.models import CahraArea, CahraEdition
from marketplace.unit_of_work import UnitOfWork


class EditionKnown(Conflict):
    """The same file was imported before."""

    code = "edition_known"
    message = N_("This list was imported already.")


def import_edition(uow: UnitOfWork, *, raw: bytes) -> CahraEdition:
    """Keep a list; the one published last counts. Raises CahraRefused or EditionKnown, and keeps nothing then."""
    edition = read_edition(raw, today=uow.now.date())
    sha256 = hashlib.sha256(raw).hexdigest()
    if uow.session.scalar(select(CahraEdition.id).where(CahraEdition.sha256 == sha256)) is not None:
        raise EditionKnown
    row = CahraEdition(
        published_on=edition.published_on,
        sha256=sha256,
        rows=len(edition.areas),
        imported_by=uow.actor.user_id,
        imported_at=uow.now,
    )
    uow.session.add(row)
    uow.session.flush()
    areas = enumerate(edition.areas, start=1)
    uow.session.add_all(CahraArea(edition_id=row.id, position=place, **area._asdict()) for place, area in areas)
    uow.record("cahra_edition.import", row, published=edition.published_on, rows=row.rows, hashes={"file": sha256})
    return row


def edition_in_force(session: Session) -> Edition:
    """Return the list published last, or the shipped indicative one while none was imported."""
    wanted = select(CahraEdition).order_by(CahraEdition.published_on.desc(), CahraEdition.imported_at.desc()).limit(1)
    row = session.scalar(wanted)
    if row is None:
        return shipped_edition()
    areas = session.scalars(select(CahraArea).where(CahraArea.edition_id == row.id).order_by(CahraArea.position))
    return Edition(
        row.published_on,
        tuple(
            Area(each.country, each.region, each.region_name, each.from_on, each.until_on, each.source)
            for each in areas
        ),
    )


@cache
def shipped_edition() -> Edition:
    """Return the first edition, shipped with the program: indicative, and named so in its source."""
    raw = (files("marketplace.data") / "rules" / "cahra_indicative.csv").read_bytes()
    return read_edition(raw, today=date.max)
