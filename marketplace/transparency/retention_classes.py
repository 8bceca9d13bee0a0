"""To which retention class an action of the log belongs: it says how long its disclosures are kept. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class RetentionClass(StrEnum):
    """The classes; their periods are settings (config/retention.toml). FOREVER has none."""

    TRACE = "trace"
    ACCESS = "access"
    ACCOUNT = "account"
    TRADE = "trade"
    MONEY = "money"
    HOUSE = "house"
    FOREVER = "forever"


# Of every entry, whatever its class: where from and in which request it was done.
TRACES: Final = ("address", "request_id")
# The verbs with which people come and go; other acts about an account are changes of it.
_ACCESS: Final = frozenset(
    {
        "api_token.use",
        "audit.export",
        "privacy.export",
        "user.pass_second_factor",
        "user.sign_in",
        "user.sign_out",
        "user.sign_out_everywhere",
        "user.use_recovery_code",
    }
)
_NOUNS: Final[Mapping[RetentionClass, str]] = MappingProxyType(
    {
        RetentionClass.ACCOUNT: "api_token cooperative_member invitation price_text_subscription user",
        RetentionClass.TRADE: (
            "audit_subscription custody custody_event deadline_pause force_majeure lot lot_claim lot_photo lot_stock"
            " case_note document incident incident_report incident_step appeal blind_review"
            " cooperative_application application_appeal field_visit signed_declaration"
            " lot_version mine_site moderation_case decision negotiation offer offer_floor passport passport_revocation"
            " tag tag_range verification_report lot_check miner_sheet training_session tax_receipt officer_count"
        ),
        RetentionClass.MONEY: (
            "bank_match bank_payout bank_statement buyer buyer_mark cash_receipt chargeback compliance_hold cooperative"
            " finance_note hold_alarm ledger_journal limit_clearance order order_evidence order_exchange order_freeze"
            " paper payment payment_problem payout payout_batch payout_destination payout_exchange payout_part"
            " payout_return problem_report provider_command provider_customer provider_settlement provider_transfer"
            " recipient_account refund settlement_offer sharing_rule shipment unmatched_receipt"
            " beneficial_owner screening_hit"
        ),
        RetentionClass.HOUSE: (
            "daily_report deduction_rule fairness price_book_draft price_book_edition price_standard rate_dismissal"
            " reference_rate reference_series staff_grant cahra_edition monitoring screening_edition"
        ),
        # What was erased must stay told, and who changed the log's own keys.
        RetentionClass.FOREVER: "audit_key passport_key privacy retention_erasure",
    }
)
CLASS_OF_NOUN: Final[Mapping[str, RetentionClass]] = MappingProxyType(
    {noun: group for group, nouns in _NOUNS.items() for noun in nouns.split()}
)


def class_of(action: str) -> RetentionClass | None:
    """Return the class of an action (noun.verb); None for one that nobody placed, which is never erased by itself."""
    if action in _ACCESS:
        return RetentionClass.ACCESS
    return CLASS_OF_NOUN.get(action.partition(".")[0])
