"""A cooperative's application is sent to the queue, or taken back."""

from marketplace.compliance import services as compliance
from marketplace.compliance.canonical import content_of, digest_of
from marketplace.compliance.models import Cooperative
from marketplace.compliance.queries import sites_of
from marketplace.incidents.services.areas import edition_in_force
from marketplace.moderation.flags import flags_of_application
from marketplace.moderation.models import ModerationCase
from marketplace.moderation.queries import open_case_of_cooperative, times_sent_back
from marketplace.moderation.queries.evidence import conflict_source, screening_of
from marketplace.moderation.services.cases import close_withdrawn, open_case
from marketplace.unit_of_work import UnitOfWork


def submit_cooperative(uow: UnitOfWork, *, cooperative: Cooperative) -> ModerationCase:
    """Send the application as it stands and open its case; the case keeps every answer."""
    compliance.submit(uow, cooperative=cooperative)
    return open_case_of_application(uow, cooperative=cooperative)


def open_case_of_application(uow: UnitOfWork, *, cooperative: Cooperative) -> ModerationCase:
    """Put an application that was sent into the queue, with its flags."""
    sites = sites_of(uow.session, cooperative.id)
    content = content_of(cooperative, sites)
    today = uow.now.date()
    return open_case(
        uow,
        facts=None,
        kind="cooperative",
        cooperative_id=cooperative.id,
        reference=cooperative.reference,
        title=cooperative.legal_name,
        country=cooperative.country,
        subject_sha256=digest_of(content),
        subject=content,
        flags=flags_of_application(
            content,
            today=today,
            times_returned=times_sent_back(uow.session, cooperative.id),
            conflict_source=conflict_source(sites, areas=edition_in_force(uow.session).areas, on=today),
            screening=screening_of(uow.session, cooperative, settings=uow.settings, on=today),
        ),
    )


def withdraw_cooperative(uow: UnitOfWork, *, cooperative: Cooperative) -> None:
    """Take an undecided application back; its case is closed."""
    compliance.withdraw(uow, cooperative=cooperative)
    case = open_case_of_cooperative(uow.session, cooperative.id, lock=True)
    if case is not None:
        close_withdrawn(uow, case)
