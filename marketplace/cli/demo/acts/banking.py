"""Finance reads the bank's statement, and asks the provider whether it could pay a cooperative."""

from typing import Final

from sqlalchemy import select

from marketplace.cli.demo.stage import Stage
from marketplace.orders.services import payout_parts
from marketplace.payments.bank_statements import receipts
from marketplace.payments.bank_statements.services import import_file
from marketplace.payments.rail_models import BankEntry, UnmatchedReceipt
from marketplace.payments.recipients import request_recipient

IMPORTER: Final = "joseph"
PROPOSER: Final = "ingrid"
ASKED_FOR: Final = "kenieba"
ADVANCE: Final = "EB-26-271-0007"
# Nothing here explains these: a payment without a reference, an advance of a buyer, the bank's own charge.
STATEMENT: Final = f"""booked_on,reference,amount,currency,text,counterparty
2026-09-25,EB-26-268-0041,1250.00,USD,"INV 118, THANK YOU",GOLDSCHMIEDE HARTMANN GMBH
2026-09-28,{ADVANCE},6480.00,USD,ADVANCE FOR OCTOBER LOTS,CREEKSIDE BULLION DMCC
2026-09-28,EB-26-271-0012,-18.50,USD,CHARGES PAYMENTS ABROAD 09/2026,
"""


def import_statement(stage: Stage) -> None:
    """Import the statement; what nothing explains waits for finance."""
    with stage.acting(IMPORTER) as uow:
        import_file(uow, content=STATEMENT.encode(), news=payout_parts)


def propose_credit(stage: Stage) -> None:
    """Propose to keep the advance for its buyer; the amount is so large that a second person must agree."""
    with stage.acting(PROPOSER) as uow:
        found = select(UnmatchedReceipt).join(BankEntry, BankEntry.id == UnmatchedReceipt.entry_id)
        receipts.propose(
            uow,
            receipt=uow.session.scalars(found.where(BankEntry.reference == ADVANCE)).one(),
            remedy=receipts.Remedy.CREDIT,
            whose=str(stage.buyers["farid"]),
            reason="The buyer wrote on 27 September that this is an advance for October.",
        )


def ask_provider(stage: Stage) -> None:
    """Ask whether the provider pays in Mali; it says no, and the no waits for finance."""
    with stage.acting(PROPOSER) as uow:
        request_recipient(uow, cooperative_id=stage.cooperatives[ASKED_FOR], country="ML", email=None)
