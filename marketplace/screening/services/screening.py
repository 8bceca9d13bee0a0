"""Screen the names of a cooperative or a buyer: raise hits, renew those that changed, end those that are gone."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from marketplace.accounts.models import Buyer
from marketplace.compliance.models import Cooperative
from marketplace.compliance.services import screen
from marketplace.core.ids import new_reference
from marketplace.screening.entries import Entry
from marketplace.screening.matching import Subject
from marketplace.screening.models import WAITING, ScreenedName, ScreeningEdition, ScreeningHit
from marketplace.screening.searching import Found, search
from marketplace.screening.services.letters import tell_found
from marketplace.screening.standing import fingerprint_of, in_force, running_hit
from marketplace.screening.subjects import Screened, names_of_buyer, names_of_cooperative
from marketplace.unit_of_work import UnitOfWork

# A proposed match is taken back by people only.
_LEAVING: Final = ("open", "dismissed")


def screen_cooperative(uow: UnitOfWork, *, cooperative: Cooperative) -> str | None:
    """Compare every name of a cooperative with the lists in force; return a hit that stops it, or None.

    Without a hit the cooperative counts as screened today. Without lists nothing is done.
    """
    lists = in_force(uow.session)
    if not lists:
        return None
    # Before the names are read, together with nobody else: a payout waits for this lock.
    uow.session.execute(select(Cooperative.id).where(Cooperative.id == cooperative.id).with_for_update(key_share=True))
    _screen_all(uow, names_of_cooperative(uow.session, cooperative), lists)
    stopped = running_hit(uow.session, cooperative_id=cooperative.id)
    if stopped is None and cooperative.screened_on != uow.now.date():
        screen(uow, cooperative=cooperative, lists=", ".join(f"{row.list} {row.published_on}" for row in lists))
    return stopped


def screen_buyer(uow: UnitOfWork, *, buyer: Buyer) -> str | None:
    """Compare a buyer's name and company with the lists in force; return a hit that stops her, or None."""
    lists = in_force(uow.session)
    if not lists:
        return None
    uow.session.execute(select(Buyer.id).where(Buyer.id == buyer.id).with_for_update(key_share=True))
    _screen_all(uow, names_of_buyer(uow.session, buyer), lists)
    return running_hit(uow.session, buyer_id=buyer.id)


def _screen_all(uow: UnitOfWork, names: Sequence[Screened], lists: Sequence[ScreeningEdition]) -> None:
    fingerprint, raised = fingerprint_of(lists), []
    for name in names:
        raised += _screen_one(uow, name)
        _note(uow, name, fingerprint)
    _end_those_of_others(uow, names)
    uow.session.flush()
    tell_found(uow, raised)


def _screen_one(uow: UnitOfWork, name: Screened) -> list[ScreeningHit]:
    """Bring the hits of a name in line; return those that are new."""
    raised = []
    known = {(row.list, row.uid): row for row in _hits_of(uow, name)}
    found = {(each.list, each.entry.uid): each for each in search(uow.session, name.subject)}
    for key, each in found.items():
        row = known.get(key)
        if row is None or row.state == "gone" or (row.state == "no_match" and _changed(row, name, each)):
            raised.append(_raise(uow, name, each))
        elif row.state in WAITING and _changed(row, name, each):
            _fill(row, name, each)
            _open_again(row)
            uow.record("screening_hit.renew", row, score=row.score)
    for key, row in known.items():
        if key not in found and row.state in _LEAVING:
            _leave(uow, row)
    return raised


def _hits_of(uow: UnitOfWork, name: Screened) -> list[ScreeningHit]:
    """Return the last hit of the name with each listed party, the newest last."""
    wanted = select(ScreeningHit).where(
        ScreeningHit.subject_kind == name.kind.value, ScreeningHit.subject_id == name.subject_id
    )
    if name.cooperative_id is not None:
        wanted = wanted.where(ScreeningHit.cooperative_id == name.cooperative_id)
    return list(uow.session.scalars(wanted.order_by(ScreeningHit.opened_at, ScreeningHit.id).with_for_update()))


def _changed(row: ScreeningHit, name: Screened, found: Found) -> bool:
    return row.subject_digest != name.digest or row.listed_digest != found.digest


def _raise(uow: UnitOfWork, name: Screened, found: Found) -> ScreeningHit:
    row = ScreeningHit(
        reference=new_reference("SH"),
        subject_kind=name.kind.value,
        subject_id=name.subject_id,
        cooperative_id=name.cooperative_id,
        buyer_id=name.buyer_id,
        list=found.list,
        uid=found.entry.uid,
        opened_at=uow.now,
    )
    _fill(row, name, found)
    uow.session.add(row)
    uow.record("screening_hit.raise", row, list=row.list, score=row.score)
    return row


def _fill(row: ScreeningHit, name: Screened, found: Found) -> None:
    hit = found.hit
    row.subject, row.subject_digest = _subject_facts(name.subject), name.digest
    row.listed, row.listed_digest = _listed_facts(found.entry), found.digest
    row.score = hit.score
    row.evidence = {
        "name_score": hit.name_score,
        "own_name": hit.own_name,
        "listed_name": hit.listed_name,
        "birth": hit.birth.value,
        "country": hit.country.value,
    }


def _open_again(row: ScreeningHit) -> None:
    """Let a dismissal that waits for its second person begin anew: the first looked at other facts."""
    if row.state == "dismissed":
        row.state, row.dismissed_by, row.dismissed_at = "open", None, None


def _leave(uow: UnitOfWork, row: ScreeningHit) -> None:
    """End a hit whose name is no longer like a listed one: it was taken off, or the name was put right."""
    row.state, row.ended_at = "gone", uow.now
    row.dismissed_by = row.dismissed_at = None
    uow.record("screening_hit.leave", row)


def _end_those_of_others(uow: UnitOfWork, names: Sequence[Screened]) -> None:
    """End open hits of people who are no longer officers or owners."""
    first = names[0]
    own = (
        ScreeningHit.cooperative_id == first.cooperative_id
        if first.cooperative_id is not None
        else ScreeningHit.buyer_id == first.buyer_id
    )
    present = {(name.kind.value, name.subject_id) for name in names}
    for row in uow.session.scalars(select(ScreeningHit).where(own, ScreeningHit.state.in_(_LEAVING)).with_for_update()):
        if (row.subject_kind, row.subject_id) not in present:
            _leave(uow, row)


def _note(uow: UnitOfWork, name: Screened, lists: str) -> None:
    told = {"digest": name.digest, "lists": lists, "screened_at": uow.now}
    row = {
        "kind": name.kind.value,
        "subject_id": name.subject_id,
        "owner_id": name.owner_id,
        "cooperative_id": name.cooperative_id,
        "buyer_id": name.buyer_id,
        **told,
    }
    statement = insert(ScreenedName).values(row)
    uow.session.execute(statement.on_conflict_do_update(index_elements=["kind", "subject_id", "owner_id"], set_=told))


def _subject_facts(subject: Subject) -> dict[str, Any]:
    return {
        "party": subject.party.value,
        "names": list(subject.names),
        "birth_year": subject.birth_year,
        "countries": list(subject.countries),
    }


def _listed_facts(entry: Entry) -> dict[str, Any]:
    return {
        "kind": entry.kind.value,
        "primary": entry.primary,
        "names": [{"text": name.text, "kind": name.kind.value} for name in entry.names],
        "births": list(entry.births),
        "countries": list(entry.countries),
        "programme": entry.programme,
        "listed_on": entry.listed_on.isoformat() if entry.listed_on else None,
    }
