"""Made-up sanctions lists, an owner who looks like somebody on one, and an officer who only has a like name."""

from importlib.resources import files
from typing import Final

from sqlalchemy import select

from marketplace.cli.demo.stage import Stage
from marketplace.compliance.models import Cooperative
from marketplace.screening.answers import Owner
from marketplace.screening.entries import ListKind
from marketplace.screening.models import ScreeningHit
from marketplace.screening.services import decisions, owners
from marketplace.screening.services.importing import import_list

# It waits for a decision about its application, so that no payout of the story waits for the hit.
OF_THE_OWNER: Final = "tongo"
_LIKE: Final = "MUP0001"


def import_lists(stage: Stage, *, moderator: str) -> None:
    """Put the four lists in force; everybody is compared with them."""
    for kind in ListKind:
        raw = (files("marketplace.cli.demo.scenario") / "lists" / f"{kind.value}.xml").read_bytes()
        with stage.acting(moderator) as uow:
            import_list(uow, kind=kind, raw=raw, file_name=f"{kind.value}.xml")


def enter_owner(stage: Stage, *, moderator: str) -> None:
    """Enter an owner whose name stands on a list: the hit waits for a person."""
    with stage.acting(moderator) as uow:
        cooperative = uow.session.get_one(Cooperative, stage.cooperatives[OF_THE_OWNER])
        owner = Owner("Sahr Tunkara", "", 2_500, 1971, "SL")
        owners.enter(uow, cooperative=cooperative, owner=owner)


def dismiss_like_name(stage: Stage, *, moderator: str) -> None:
    """Say that the secretary of Tunduru is not the man of the list, when the story has him."""
    with stage.acting(moderator) as uow:
        wanted = select(ScreeningHit).where(ScreeningHit.uid == _LIKE, ScreeningHit.state == "open")
        for hit in uow.session.scalars(wanted).all():
            reason = "His identity card says 1986 and Tunduru. The man on the list is from Oman, born in 1945."
            decisions.dismiss(uow, hit=hit, reason=reason)


def agree_about_like_name(stage: Stage, *, moderator: str) -> None:
    """Agree with that as the second person: the names are the same, so one is not enough."""
    with stage.acting(moderator) as uow:
        wanted = select(ScreeningHit).where(ScreeningHit.uid == _LIKE, ScreeningHit.state == "dismissed")
        for hit in uow.session.scalars(wanted).all():
            decisions.agree(uow, hit=hit, reason="I compared his identity card too: year and place differ.")
