"""What is told for the monitoring report, entered through the services."""

from datetime import date

from marketplace.compliance.models import Cooperative
from marketplace.monitoring import services
from marketplace.monitoring.answers import read_count, read_receipt, read_training
from marketplace.monitoring.models import MinerSheet, OfficerCount, TaxReceipt, TrainingSession
from marketplace.monitoring.sheets import read_sheet
from marketplace.unit_of_work import UnitOfWork

SHEET_LINES = """number; sex; age; amount
1; f; 31; 120.00
2; f; 44; 80.00
3; m; 28; 60.50
4; m; 52; 39.50
5; f; 19; 100.00
6; m; 35; 100.00"""
SHEET = {"paid_on": "2026-09-20", "mineral": "gem", "currency": "USD", "lines": SHEET_LINES}


def sheet(uow: UnitOfWork, cooperative: Cooperative, **other: str) -> MinerSheet:
    """Hand in a sheet: three women get 300 dollars, three men 200, unless other words say otherwise."""
    read = read_sheet({**SHEET, **other}, today=uow.now.date())
    return services.enter_sheet(uow, cooperative=cooperative, sheet=read)


def training(uow: UnitOfWork, cooperative: Cooperative, **other: str) -> TrainingSession:
    """Enter a training about mercury to which twelve women and nine men came."""
    form = {"topic": "mercury", "held_on": "2026-09-10", "women": "12", "men": "9", **other}
    return services.enter_training(uow, cooperative=cooperative, training=read_training(form, today=uow.now.date()))


def receipt(uow: UnitOfWork, cooperative: Cooperative, **other: str) -> TaxReceipt:
    """Enter a receipt of the mining commission about 60 dollars."""
    form = {"authority": "Mining Commission", "number": "R-1", "paid_on": "2026-09-12", "currency": "USD",
            "amount": "60", **other}  # fmt: skip
    return services.enter_receipt(uow, cooperative=cooperative, receipt=read_receipt(form, today=uow.now.date()))


def officers(uow: UnitOfWork, cooperative: Cooperative, *, women: int, of: int, on: date) -> OfficerCount:
    """Enter a count of officers."""
    form = {"counted_on": on.isoformat(), "officers": str(of), "women": str(women), "basis": "Minutes of the meeting"}
    return services.enter_count(uow, cooperative=cooperative, count=read_count(form, today=uow.now.date()))
