"""The register of personal data: every table is in the export, or left out by name with the reason.

Tables that others fill in (photos, sealed accounts, mines) are named with their keeping times in docs/retention.md.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from marketplace.privacy.accounts_held import ACCOUNTS
from marketplace.privacy.dealings_held import DEALINGS
from marketplace.privacy.holdings import Holding

HOLDINGS: Final[tuple[Holding, ...]] = (*ACCOUNTS, *DEALINGS)
_LOG: Final = "is the audit log; what it tells by or about the person is a section of its own"
_COOPERATIVE: Final = "belongs to the cooperative, whose officers see it; who acted is in the section of the log"
_HOUSE: Final = "is about our own work; who acted is in the section of the log"
_MONEY: Final = "is our bookkeeping; the person's payments, refunds and papers are sections of their own"
_LAW: Final = "is a check against money laundering or fraud; the law forbids to tell it"
_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        _LOG: (
            "audit_event audit_target audit_disclosure audit_search audit_node audit_checkpoint audit_cosignature"
            " audit_key audit_verification retention_erasure"
        ),
        _COOPERATIVE: (
            "cooperative mine_site lot lot_version lot_photo lot_stock lot_listing offer_floor payout_destination"
            " payout sharing_rule recipient_account cash_receipt custody_event custody_amount tag"
            " tag_range passport passport_revocation incident incident_step incident_note miner_sheet document"
            " cooperative_application application_appeal field_visit signed_declaration ending_notice"
        ),
        _HOUSE: (
            "moderation_case case_note decision appeal blind_review force_majeure verification_report deadline_pause"
            " hold_alarm finance_note"
            " daily_report reference_series reference_rate rate_dismissal rate_fetch price_book_edition price_band"
            " price_book_draft deduction_rule price_standard paper_counter order_step shipment"
            " cahra_edition cahra_area training_session tax_receipt officer_count screening_edition screening_entry"
        ),
        _MONEY: (
            "ledger_account ledger_posting ledger_journal ledger_balance ledger_snapshot provider_command provider_news"
            " provider_cursor provider_entry provider_settlement provider_transfer bank_payout bank_statement"
            " bank_entry bank_match payout_batch payout_part payout_return payout_exchange unmatched_receipt"
            " payment_problem chargeback"
        ),
        "tells of somebody who must stay hidden, in nobody's name; who sent it is not known": (
            "incident_report incident_report_words"
        ),
        "says how far news was sent to a subscription, which is in the export": "audit_progress audit_delivery",
        "holds public keys of the marketplace, and nothing of a person": "passport_key",
        _LAW: "buyer_mark compliance_hold order_freeze beneficial_owner screened_name screening_hit",
        "payments of a cooperative to its miners by keyed digests of its own numbers; we cannot tell whose they are": (
            "miner_payment"
        ),
        "keyed digests of addresses and accounts, to count tries; nobody can read them": "sign_in_attempt",
        "digests of forms that were answered, so that a repeated one is not done twice": "sent_form",
    }
)
# Each table that is left out, with the reason.
LEFT_OUT: Final[Mapping[str, str]] = MappingProxyType(
    {name: reason for reason, names in _NAMES.items() for name in names.split()}
)
