"""What the monitoring report counts beside orders: miners’ pay, trainings, receipts, officers; a paper that ends."""

from datetime import date, timedelta
from typing import Final

from sqlalchemy import select

from marketplace.cli.demo.acts.documents import sent_of
from marketplace.cli.demo.scenario import Row
from marketplace.cli.demo.stage import Stage
from marketplace.compliance.document_kinds import document_kinds
from marketplace.compliance.models import Cooperative
from marketplace.documents.answers import Told
from marketplace.documents.models import Document
from marketplace.documents.owners import Owner
from marketplace.documents.services.reviewing import accept
from marketplace.documents.services.uploading import upload
from marketplace.lots.services.site_pauses import bring_in_line
from marketplace.monitoring import services
from marketplace.monitoring.answers import read_count, read_receipt, read_training
from marketplace.monitoring.sheets import read_sheet
from marketplace.unit_of_work import UnitOfWork

# Days on which miners were paid; the last one lies in the running quarter.
_PAY_DAYS: Final = (date(2026, 6, 19), date(2026, 8, 21), date(2026, 9, 18))
_TOPICS: Final = ("safety", "women", "child_labour", "money", "mercury", "prices")
_PEOPLE: Final = (14, 22)
_BASIS: Final = "Minutes of the yearly meeting"
# A paper that ends soon, so that its cooperative and Pact read a warning.
_ENDS_IN: Final = timedelta(days=19)


def enter_records(stage: Stage, row: Row, *, number: int, moderator: str) -> None:
    """Enter what a cooperative told of half a year: payments to miners, a training, a receipt, two counts."""
    with stage.acting(moderator) as uow:
        cooperative = uow.session.get_one(Cooperative, stage.cooperatives[row["key"]])
        for place, day in enumerate(_PAY_DAYS):
            _pay(stage, uow, cooperative, day=day, name=f"{row['key']} {place}")
        women = int(row["members_women"])
        _count(uow, cooperative, on="2026-03-20", officers=7, women=3 if women * 2 < int(row["members_total"]) else 4)
        _count(uow, cooperative, on="2026-09-10", officers=7, women=4 if women * 2 < int(row["members_total"]) else 5)
        training = {
            "topic": _TOPICS[number % len(_TOPICS)], "held_on": "2026-09-08",
            "women": str(9 + 2 * number), "men": str(6 + number),
        }  # fmt: skip
        services.enter_training(uow, cooperative=cooperative, training=read_training(training, today=uow.now.date()))
        receipt = {
            "authority": "Revenue authority", "number": f"RV-26-{7100 + number}", "paid_on": "2026-09-04",
            "currency": "USD", "amount": str(140 + 35 * number),
        }  # fmt: skip
        services.enter_receipt(uow, cooperative=cooperative, receipt=read_receipt(receipt, today=uow.now.date()))


def let_a_paper_end(stage: Stage, *, cooperative: str, secretary: str, moderator: str) -> None:
    """Send a tax certificate that ends in less than a month, and have it accepted."""
    kind = document_kinds()["tax_certificate"]
    with stage.acting(secretary) as uow:
        today = uow.now.date()
        told = Told("TCC-2025-3381", "Revenue authority", today - timedelta(days=346), today + _ENDS_IN, ())
        owner = Owner(cooperative_id=stage.cooperatives[cooperative])
        row = upload(uow, owner=owner, kind=kind, told=told, sent=sent_of(kind, told), store=stage.store)
    with stage.acting(moderator) as uow:
        found = uow.session.scalars(select(Document).where(Document.id == row.id)).one()
        accept(uow, document=found, form={"note": "It fits the register."}, in_line=bring_in_line)


def _pay(stage: Stage, uow: UnitOfWork, cooperative: Cooperative, *, day: date, name: str) -> None:
    """Pay a group of miners what they brought; men and women get the same for the same work."""
    chance = stage.chance(f"miners {name}")
    lines = ["number; sex; age; amount"]
    for number in range(1, chance.randint(*_PEOPLE) + 1):
        sex = chance.choice("fffmm" if cooperative.is_women_led else "ffmmm")
        amount = f"{chance.randint(18, 64)}.{chance.choice(('00', '50'))}"
        lines.append(f"{number}; {sex}; {chance.randint(19, 58)}; {amount}")
    form = {"paid_on": day.isoformat(), "mineral": "gem", "currency": "USD", "lines": "\n".join(lines)}
    services.enter_sheet(uow, cooperative=cooperative, sheet=read_sheet(form, today=uow.now.date()))


def _count(uow: UnitOfWork, cooperative: Cooperative, *, on: str, officers: int, women: int) -> None:
    form = {"counted_on": on, "officers": str(officers), "women": str(women), "basis": _BASIS}
    services.enter_count(uow, cooperative=cooperative, count=read_count(form, today=uow.now.date()))
