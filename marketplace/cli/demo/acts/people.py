"""Staff, officers and buyers get their accounts as anybody does: by invitation or registration."""

from uuid import UUID

from marketplace.accounts import one_time_codes
from marketplace.accounts.forms import Acceptance, Invitee, Registration
from marketplace.accounts.models import Buyer, User
from marketplace.accounts.services import invitations, levels, registration, second_factor
from marketplace.cli.demo.scenario import PASSWORD, Row, email_of
from marketplace.cli.demo.stage import Stage
from marketplace.compliance.models import Cooperative

ADMINISTRATOR = "thomas"
_CHECKED = {
    1: "Company register and e-mail domain seen.",
    2: "Company register, passport of the director and a video call.",
    3: "Enhanced check: owners, source of funds, three trade references, sanctions lists of today.",
}


def join_staff(stage: Stage, row: Row) -> None:
    """Invite a person to the staff; she accepts and sets up her second factor."""
    invitee = _invitee(row, kind="staff", roles=tuple(row["roles"].split(";")))
    if row["key"] == ADMINISTRATOR:
        with stage.working() as uow:
            invited = invitations.invite_staff(uow, invitee=invitee)
            token = invited.token
    else:
        with stage.acting(ADMINISTRATOR) as uow:
            token = invitations.invite_staff(uow, invitee=invitee).token
    _accept(stage, row, token)
    with stage.acting(row["key"]) as uow:
        secret, _sealed = second_factor.offer(uow)
        code = one_time_codes.current_code(secret, at=uow.clock.wall())
        second_factor.enrol(uow, secret=secret, code=code)


def join_officer(stage: Stage, row: Row, *, inviter: str) -> None:
    """Invite a person to act for her cooperative; she accepts."""
    cooperative_id: UUID = stage.cooperatives[row["cooperative"]]
    with stage.acting(inviter) as uow:
        organisation = uow.session.get_one(Cooperative, cooperative_id).legal_name
        invited = invitations.invite_officer(
            uow,
            cooperative_id=cooperative_id,
            organisation=organisation,
            invitee=_invitee(row, kind="officer", roles=(row["role"],)),
        )
        token = invited.token
    _accept(stage, row, token)


def join_buyer(stage: Stage, row: Row) -> None:
    """Register a buyer who confirms her address."""
    with stage.working() as uow:
        buyer = registration.open_buyer(
            uow,
            registration=Registration(
                email=email_of("buyer", row["key"]),
                name=row["name"],
                password=PASSWORD,
                company=row["company"],
                country=row["country"],
                language=row["language"],
            ),
        )
        registration.confirm_email(uow, user=uow.session.get_one(User, buyer.user_id))
        stage.people[row["key"]], stage.buyers[row["key"]] = buyer.user_id, buyer.id


def check_buyer(stage: Stage, row: Row, *, moderator: str) -> None:
    """Give a buyer the level that was checked."""
    level = int(row["level"])
    if level:
        with stage.acting(moderator) as uow:
            buyer = uow.session.get_one(Buyer, stage.buyers[row["key"]])
            levels.set_buyer_level(uow, buyer, level, note=_CHECKED[level])


def _invitee(row: Row, *, kind: str, roles: tuple[str, ...]) -> Invitee:
    return Invitee(email=email_of(kind, row["key"]), name=row["name"], language=row["language"], roles=roles)


def _accept(stage: Stage, row: Row, token: str) -> None:
    acceptance = Acceptance(name=row["name"], language=row["language"], password=PASSWORD)
    with stage.working() as uow:
        stage.people[row["key"]] = invitations.accept(uow, token=token, acceptance=acceptance).id
