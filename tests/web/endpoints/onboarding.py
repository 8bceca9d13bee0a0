"""The names of applications, visits and declarations in addresses."""

from collections.abc import Mapping

from marketplace.accounts.models import User
from marketplace.compliance.models import Cooperative
from marketplace.compliance.queries import sites_of
from marketplace.onboarding.services import appeals, applications, reviewing
from marketplace.onboarding.services.reviewing import Answer
from marketplace.onboarding.steps import FORMS, Step
from marketplace.screening.answers import Owner
from marketplace.screening.services import owners
from marketplace.unit_of_work import UnitOfWork
from tests.builders.onboarding import ORGANISATION, acting, handed_in, moderator, visited
from tests.people import person

MARK = "Kanarienvogel"  # that of the world, which no stranger reads


def names_of_onboarding(uow: UnitOfWork, cooperative: Cooperative) -> dict[str, Mapping[str, tuple[str, ...]]]:
    """Begin a renewal, hand in another application, visit a site; return what stands in their addresses."""
    amina, (site, *_) = uow.session.get_one(User, cooperative.created_by), sites_of(uow.session, cooperative.id)
    renewal = applications.begin_for(acting(uow, amina), cooperative=cooperative)
    uow.session.flush()
    typed = {**ORGANISATION, "about": f"{MARK} digs with us."}
    applications.save_step(
        acting(uow, amina), application=renewal, step=Step.ORGANISATION, typed=typed, version=1, later=True
    )
    told = Owner("Neema Mushi", "", 2_500, 1980, "TZ")
    owner = owners.enter(acting(uow, amina), cooperative=cooperative, owner=told)
    waiting, _signer = handed_in(uow, person(uow, "Rehema of the second"))
    visit = visited(
        acting(uow, moderator(uow, "Field officer")), cooperative, site, findings=f"{MARK} showed us the pits there."
    )
    appealed, appeal_id = _appealed(uow)
    uow.session.flush()
    own = (renewal.reference,)
    return {
        "/sell/applications/<reference>/appeal": {"reference": (appealed,)},
        "/staff/application-appeals": {"appeal_id": (appeal_id,)},
        "/sell/applications": {"reference": own, "step": tuple(step.value for step in Step)},
        "/sell/applications/<reference>/owners": {"reference": own, "owner_id": (str(owner.id),)},
        "/sell/applications/of": {"cooperative_reference": (cooperative.reference,)},
        "/sell/applications/<reference>/steps": {"reference": own, "step": tuple(step.value for step in sorted(FORMS))},
        "/staff/applications": {"reference": (renewal.reference, waiting.reference)},
        "/staff/visits": {
            "reference": (visit.reference,), "sha256": (visit.photos[0]["sha256"],), "width": ("320",),
            "cooperative_reference": (cooperative.reference,),
        },
    }  # fmt: skip


def _appealed(uow: UnitOfWork) -> tuple[str, str]:
    """Refuse an application and let it be appealed; return its reference and the number of the appeal."""
    salma = person(uow, "Salma of the third")
    row, _signer = handed_in(uow, salma)
    answer = Answer(row.content_sha256 or "", ("REGISTRATION_UNCLEAR",), "We could not find the register.")
    reviewing.refuse(acting(uow, moderator(uow, "Refuser")), application=row, answer=answer)
    appeal = appeals.appeal(acting(uow, salma), application=row, words=f"{MARK} has the register in her hands.")
    uow.session.flush()
    return row.reference, str(appeal.id)
