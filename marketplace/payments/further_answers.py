"""Note the answers to commands that are not about the page or the refund of an order."""

from collections.abc import Callable, Mapping
from typing import Final

from marketplace.payments.applying import apply
from marketplace.payments.bank_payouts import refuse_bank_payout
from marketplace.payments.consequences import Consequences
from marketplace.payments.findings import Found
from marketplace.payments.models import ProviderCommand
from marketplace.payments.problems import Kind, open_problem
from marketplace.payments.provider_models import BankPayout, Chargeback, ProviderTransfer, RecipientAccount
from marketplace.payments.provider_recipients import OnboardingLink
from marketplace.payments.recipients import keep_link, refuse_recipient
from marketplace.payments.taking_back import refuse as refuse_reversal
from marketplace.payments.transfers import refuse_transfer
from marketplace.unit_of_work import UnitOfWork

KINDS: Final = frozenset(
    {"evidence", "dispute_close", "recipient", "onboarding", "transfer", "reversal", "bank_payout"}
)


def note_found(uow: UnitOfWork, found: Found, consequences: Consequences) -> None:
    """Apply what the provider answered; what is not booked yet comes again with its news or the sweep."""
    apply(uow, found=found, consequences=consequences)


def note_link(uow: UnitOfWork, command: ProviderCommand, link: OnboardingLink) -> None:
    """Keep a link to a recipient's own page."""
    keep_link(uow, account=uow.session.get_one(RecipientAccount, command.subject_id), link=link)


def note_refusal(uow: UnitOfWork, command: ProviderCommand, reason: str, consequences: Consequences) -> None:
    """Tell finance, and take back what the command was meant to do."""
    open_problem(uow, kind=Kind.REFUSED, subject=f"{command.kind} {command.id}", detail=command.last_error or "")
    undo = _UNDO.get(command.kind)
    if undo is not None:
        undo(uow, command, reason, consequences)


def _undo_recipient(uow: UnitOfWork, command: ProviderCommand, _reason: str, _consequences: Consequences) -> None:
    refuse_recipient(uow, account=uow.session.get_one(RecipientAccount, command.subject_id))


def _undo_transfer(uow: UnitOfWork, command: ProviderCommand, reason: str, consequences: Consequences) -> None:
    transfer = uow.session.get_one(ProviderTransfer, command.subject_id)
    refuse_transfer(uow, transfer=transfer, reason=reason, consequences=consequences)


def _undo_reversal(uow: UnitOfWork, command: ProviderCommand, _reason: str, _consequences: Consequences) -> None:
    refuse_reversal(uow, transfer=uow.session.get_one(ProviderTransfer, command.subject_id))


def _undo_payout(uow: UnitOfWork, command: ProviderCommand, reason: str, _consequences: Consequences) -> None:
    refuse_bank_payout(uow, payout=uow.session.get_one(BankPayout, command.subject_id), reason=reason)


def _undo_evidence(uow: UnitOfWork, command: ProviderCommand, _reason: str, _consequences: Consequences) -> None:
    chargeback = uow.session.get_one(Chargeback, command.subject_id)
    if chargeback.evidence_sent_at is None:
        # A key is spent with its refusal; the text stays on the chargeback for whoever answers again.
        uow.record("chargeback.refuse_evidence", chargeback)


_UNDO: Final[Mapping[str, Callable[[UnitOfWork, ProviderCommand, str, Consequences], None]]] = {
    "evidence": _undo_evidence,
    "recipient": _undo_recipient,
    "transfer": _undo_transfer,
    "reversal": _undo_reversal,
    "bank_payout": _undo_payout,
}
