"""Lists in force: a new edition replaces the old in one step, or nothing changes."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.core.actor import StaffRole
from marketplace.core.errors import Forbidden
from marketplace.screening.entries import ListRefused
from marketplace.screening.models import ScreeningEdition, ScreeningEntry
from marketplace.screening.services.importing import EditionKnown, EditionOlder, EditionShrunk
from marketplace.screening.standing import editions, in_force, list_ages
from marketplace.unit_of_work import UnitOfWork
from tests.builders.lists import FOLDER, sample
from tests.builders.screening import moderator, put_in_force, un_list
from tests.people import actor, person


def entries(uow: UnitOfWork) -> list[str]:
    return [row.names[0]["text"] for row in uow.session.scalars(select(ScreeningEntry).order_by(ScreeningEntry.uid))]


def test_a_new_edition_replaces_the_old_one_whose_age_is_kept(uow: UnitOfWork) -> None:
    mary = moderator(uow, "Mary")
    put_in_force(mary, un_list("Davor Krasnov", "Sahr Tunkara", day="2026-09-01"))
    put_in_force(mary, un_list("Davor Krasnov", "Jabari Ngowi", day="2026-09-20"))
    assert entries(uow) == ["Davor Krasnov", "Jabari Ngowi"]
    now, before = editions(uow.session)
    assert (now.published_on.isoformat(), now.replaced_at, now.entries, now.names) == ("2026-09-20", None, 2, 2)
    assert (before.published_on.isoformat(), before.replaced_at) == ("2026-09-01", uow.now)
    assert now.imported_by == mary.actor.user_id
    assert [row.id for row in in_force(uow.session)] == [now.id]


def test_a_cut_file_changes_nothing(uow: UnitOfWork) -> None:
    put_in_force(uow, un_list("Davor Krasnov"))
    with pytest.raises(ListRefused):
        put_in_force(uow, un_list("Davor Krasnov", "Sahr Tunkara", day="2026-09-29")[:-30])
    assert entries(uow) == ["Davor Krasnov"]
    assert uow.session.scalar(select(func.count()).select_from(ScreeningEdition)) == 1


def test_the_same_an_older_and_a_shrunken_list_are_refused(uow: UnitOfWork) -> None:
    names = [f"Nobody Numbered{number}" for number in range(10)]
    raw = un_list(*names, day="2026-09-20")
    put_in_force(uow, raw)
    with pytest.raises(EditionKnown):
        put_in_force(uow, raw)
    with pytest.raises(EditionOlder, match="2026-09-20"):
        put_in_force(uow, un_list(*names, day="2026-09-19"))
    with pytest.raises(EditionShrunk, match="10 entries, this file only 7"):
        put_in_force(uow, un_list(*names[:7], day="2026-09-21"), is_whole=False)
    put_in_force(uow, un_list(*names[:8], day="2026-09-21"), is_whole=False)  # four fifths are left
    put_in_force(uow, un_list(*names[:1], day="2026-09-22"), is_whole=True)
    assert len(entries(uow)) == 1


def test_only_moderators_and_operators_import(uow: UnitOfWork) -> None:
    finance = uow.acting_as(actor(uow.session, person(uow, "Frida", StaffRole.FINANCE)))
    with pytest.raises(Forbidden):
        put_in_force(finance, un_list("Davor Krasnov"))


def test_lists_grow_too_old(uow: UnitOfWork) -> None:
    assert not any(age.is_too_old for age in list_ages(uow.session, settings=uow.settings, today=uow.now.date()))
    put_in_force(uow, un_list("Davor Krasnov", day="2026-09-19"))  # ten days before the 29th
    ages = {age.kind.value: age for age in list_ages(uow.session, settings=uow.settings, today=uow.now.date())}
    assert (ages["un"].days, ages["un"].is_too_old) == (10, False)
    assert (ages["eu"].days, ages["eu"].is_too_old) == (None, True)  # once there is one, all four are needed
    put_in_force(uow, un_list("Davor Krasnov", "Sahr Tunkara", day="2026-09-20"))
    older = uow.session.scalars(select(ScreeningEdition).where(ScreeningEdition.replaced_at.is_(None))).one()
    ages_later = list_ages(uow.session, settings=uow.settings, today=older.published_on.replace(month=10, day=1))
    assert {age.kind.value: age.is_too_old for age in ages_later}["un"] is True  # eleven days


def test_an_operator_imports_a_file(app: Flask, tmp_path: Path) -> None:
    run = app.test_cli_runner()
    done = run.invoke(args=["screening", "import", str(FOLDER / "un.xml"), "--list", "un"])
    assert done.output == "Imported 2 entries with 6 names, published on 2026-09-25.\n"
    again = run.invoke(args=["screening", "import", str(FOLDER / "un.xml"), "--list", "un"])
    assert (again.exit_code, again.output) == (1, "Error: This file is in force already.\n")
    cut = tmp_path / "cut.xml"
    cut.write_bytes(sample("un.xml")[:500])
    refused = run.invoke(args=["screening", "import", str(cut), "--list", "un"])
    assert refused.exit_code == 1
    assert refused.output.startswith("Error: The file is cut or malformed at line ")
    told = run.invoke(args=["screening", "lists"])
    assert told.exit_code == 1
    assert "un    2026-09-25, 4 days old\n" in told.output
    assert "eu    missing TOO OLD\n" in told.output
