from marketplace.unit_of_work import UnitOfWork
from tests.builders.cooperatives import approved_cooperative


def test_an_application_is_approved_and_every_step_is_recorded(uow: UnitOfWork) -> None:
    cooperative, site, secretary = approved_cooperative(uow)

    uow.check_audited()
    assert (cooperative.state, site.verified_by is not None, secretary.name) == ("approved", True, "amina 1")
