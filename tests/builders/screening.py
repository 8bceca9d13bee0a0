"""Sanctions lists in force and hits, made through the services."""

from sqlalchemy import select

from marketplace.accounts.models import Buyer
from marketplace.compliance.models import Cooperative
from marketplace.core.actor import StaffRole
from marketplace.screening.entries import ListKind
from marketplace.screening.models import ScreeningEdition, ScreeningHit
from marketplace.screening.services import decisions
from marketplace.screening.services.importing import import_list
from marketplace.screening.services.screening import screen_buyer, screen_cooperative
from marketplace.unit_of_work import UnitOfWork
from marketplace.web.staff.screening_stops import stop
from tests.people import actor, person

WHY = "Birth year and papers were compared."


def un_list(*names: str, day: str = "2026-09-28", kind: str = "INDIVIDUAL", **facts: str) -> bytes:
    """Return a list of the United Nations in which each name is an entry of its own."""
    inside = "".join(f"<{tag}>{value}</{tag}>" for tag, value in facts.items())
    rows = "".join(
        f"<{kind}><DATAID>{number}</DATAID><FIRST_NAME>{name}</FIRST_NAME>{inside}</{kind}>"
        for number, name in enumerate(names, start=1)
    )
    return f'<CONSOLIDATED_LIST dateGenerated="{day}">{rows}</CONSOLIDATED_LIST>'.encode()


def put_in_force(uow: UnitOfWork, raw: bytes, *, kind: str = "un", is_whole: bool = True) -> ScreeningEdition:
    """Import a list."""
    return import_list(uow, kind=ListKind(kind), raw=raw, file_name=f"{kind}.xml", is_whole=is_whole)


def all_lists(uow: UnitOfWork, *names: str) -> None:
    """Put four lists of yesterday in force; the names stand on that of the United Nations."""
    put_in_force(uow, un_list("Nobody Ofthisname", *names))
    eu = (
        '<export generationDate="2026-09-28"><sanctionEntity euReferenceNumber="1"><subjectType code="person"/>'
        '<nameAlias wholeName="Nemo Ofthisname"/></sanctionEntity></export>'
    )
    put_in_force(uow, eu.encode(), kind="eu")
    ofac = (
        "<sdnList><publshInformation><Publish_Date>09/28/2026</Publish_Date><Record_Count>1</Record_Count>"
        "</publshInformation><sdnEntry><uid>1</uid><lastName>Nemo</lastName><sdnType>Individual</sdnType></sdnEntry>"
        "</sdnList>"
    )
    put_in_force(uow, ofac.encode(), kind="ofac")
    uk = (
        "<Designations><DateGenerated>28/09/2026</DateGenerated><Designation><UniqueID>1</UniqueID><Names><Name>"
        "<Name6>Nemo</Name6><NameType>Primary name</NameType></Name></Names>"
        "<IndividualEntityShip>Individual</IndividualEntityShip></Designation></Designations>"
    )
    put_in_force(uow, uk.encode(), kind="uk")


def moderator(uow: UnitOfWork, name: str) -> UnitOfWork:
    """Return a unit of work in the name of a new moderator."""
    return uow.acting_as(actor(uow.session, person(uow, name, StaffRole.MODERATOR)))


def hits(uow: UnitOfWork) -> list[ScreeningHit]:
    """Return every hit, oldest first."""
    return list(uow.session.scalars(select(ScreeningHit).order_by(ScreeningHit.opened_at, ScreeningHit.id)))


def hit_of_cooperative(uow: UnitOfWork, cooperative: Cooperative) -> ScreeningHit:
    """Put the cooperative's own name on a list and screen it."""
    put_in_force(uow, un_list(cooperative.legal_name, kind="ENTITY"))
    screen_cooperative(uow, cooperative=cooperative)
    (hit,) = hits(uow)
    return hit


def hit_of_buyer(uow: UnitOfWork, buyer: Buyer) -> ScreeningHit:
    """Put the buyer's company on a list and screen her."""
    put_in_force(uow, un_list(buyer.company, kind="ENTITY"))
    screen_buyer(uow, buyer=buyer)
    (hit,) = hits(uow)
    return hit


def dismissed(hit: ScreeningHit, first: UnitOfWork, second: UnitOfWork) -> None:
    """Let two people find that it is somebody else."""
    decisions.dismiss(first, hit=hit, reason=WHY)
    decisions.agree(second, hit=hit, reason=WHY)


def confirmed(hit: ScreeningHit, first: UnitOfWork, second: UnitOfWork) -> None:
    """Let two people find that it is the listed party."""
    decisions.propose(first, hit=hit, reason=WHY)
    decisions.confirm(second, hit=hit, reason=WHY, stop=stop)
