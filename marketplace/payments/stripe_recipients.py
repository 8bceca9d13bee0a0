"""Stripe: accounts of recipients, transfers to them, payouts to our own bank, and the balance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import stripe

from marketplace.core.money import Money
from marketplace.payments.provider import LARGEST_PAGE
from marketplace.payments.provider_recipients import Balance, BankPayout, OnboardingLink, Recipient, Transfer
from marketplace.payments.stripe_amounts import from_stripe, to_stripe
from marketplace.payments.stripe_client import StripeConnection, id_of, moment, reference_of, translated

if TYPE_CHECKING:
    from stripe.params import AccountCreateParams, TransferCreateParams


class StripeRecipients(StripeConnection):
    """Pay others."""

    def create_recipient(self, *, key: str, country: str, reference: str, email: str | None) -> Recipient:
        """Keep an account under Stripe's recipient agreement: it can receive transfers and take no payments."""
        params: AccountCreateParams = {
            "country": country,
            "controller": {
                "fees": {"payer": "application"},
                "losses": {"payments": "application"},
                "stripe_dashboard": {"type": "express"},
            },
            "capabilities": {"transfers": {"requested": True}},
            "tos_acceptance": {"service_agreement": "recipient"},
            "metadata": {"order_reference": reference},
        }
        if email is not None:
            params["email"] = email
        with translated(changes=True):
            return _recipient(self._client.v1.accounts.create(params, {"idempotency_key": key}))

    def find_recipient(self, recipient_id: str) -> Recipient:
        """Return how a recipient stands now."""
        with translated(changes=False):
            return _recipient(self._client.v1.accounts.retrieve(recipient_id))

    def recipients(self) -> Sequence[Recipient]:
        """Return every recipient."""
        with translated(changes=False):
            page = self._client.v1.accounts.list({"limit": LARGEST_PAGE})
            return [_recipient(account) for account in page.auto_paging_iter()]

    def create_onboarding_link(
        self, recipient_id: str, *, key: str, return_url: str, refresh_url: str
    ) -> OnboardingLink:
        """Return a fresh link to a recipient's own page."""
        with translated(changes=True):
            link = self._client.v1.account_links.create(
                {
                    "account": recipient_id,
                    "type": "account_onboarding",
                    "return_url": return_url,
                    "refresh_url": refresh_url,
                },
                {"idempotency_key": key},
            )
        return OnboardingLink(link.url, moment(link.expires_at))

    def create_transfer(
        self, *, key: str, recipient_id: str, amount: Money, group: str, source_charge_id: str | None, reference: str
    ) -> Transfer:
        """Send money to a recipient: out of one charge, even if it is pending, or out of what is available."""
        params: TransferCreateParams = {
            "amount": to_stripe(amount),
            "currency": amount.currency.lower(),
            "destination": recipient_id,
            "transfer_group": group,
            "metadata": {"order_reference": reference},
        }
        if source_charge_id is not None:
            params["source_transaction"] = source_charge_id
        with translated(changes=True):
            return _transfer(self._client.v1.transfers.create(params, {"idempotency_key": key}))

    def find_transfer(self, transfer_id: str) -> Transfer:
        """Return how a transfer stands now."""
        with translated(changes=False):
            return _transfer(self._client.v1.transfers.retrieve(transfer_id))

    def transfers_of(self, group: str) -> Sequence[Transfer]:
        """Return the transfers of a group, the oldest first."""
        with translated(changes=False):
            page = self._client.v1.transfers.list({"transfer_group": group, "limit": LARGEST_PAGE})
            return [_transfer(found) for found in page.auto_paging_iter()][::-1]

    def reverse_transfer(self, transfer_id: str, *, key: str, amount: Money) -> Transfer:
        """Take back all or part of a transfer, and return how it stands."""
        with translated(changes=True):
            self._client.v1.transfers.reversals.create(
                transfer_id, {"amount": to_stripe(amount)}, {"idempotency_key": key}
            )
        return self.find_transfer(transfer_id)

    def create_bank_payout(self, *, key: str, amount: Money, reference: str) -> BankPayout:
        """Send available money to our own bank account."""
        with translated(changes=True):
            return _payout(
                self._client.v1.payouts.create(
                    {
                        "amount": to_stripe(amount),
                        "currency": amount.currency.lower(),
                        "metadata": {"order_reference": reference},
                        # The bank's statement shows it, and its line is matched by it; the United States cut it
                        # after ten signs. Source: docs.stripe.com/connect/payout-statement-descriptors
                        "statement_descriptor": reference.replace("-", ""),
                    },
                    {"idempotency_key": key},
                )
            )

    def find_bank_payout(self, payout_id: str) -> BankPayout:
        """Return how a payout to our bank stands now."""
        with translated(changes=False):
            return _payout(self._client.v1.payouts.retrieve(payout_id))

    def bank_payouts(self) -> Sequence[BankPayout]:
        """Return the newest payouts to our bank."""
        with translated(changes=False):
            return [_payout(found) for found in self._client.v1.payouts.list({"limit": LARGEST_PAGE}).data]

    def balance(self) -> dict[str, Balance]:
        """Return what Stripe holds for us, by currency."""
        with translated(changes=False):
            found = self._client.v1.balance.retrieve()
        available = {part.currency: part.amount for part in found.available}
        pending = {part.currency: part.amount for part in found.pending}
        return {
            currency.upper(): Balance(
                from_stripe(available.get(currency, 0), currency), from_stripe(pending.get(currency, 0), currency)
            )
            for currency in sorted(available.keys() | pending.keys())
        }


def _recipient(account: stripe.Account) -> Recipient:
    transfers = account.capabilities.transfers if account.capabilities else None
    wanted = (account.requirements.currently_due or []) if account.requirements else []
    return Recipient(
        id=account.id,
        country=account.country or "",
        is_submitted=bool(account.details_submitted),
        takes_transfers=transfers == "active",
        is_paid_out=bool(account.payouts_enabled),
        wanted=tuple(wanted),
        reference=reference_of(account.metadata),
    )


def _transfer(found: stripe.Transfer) -> Transfer:
    return Transfer(
        id=found.id,
        amount=from_stripe(found.amount, found.currency),
        reversed=from_stripe(found.amount_reversed, found.currency),
        recipient_id=id_of(found.destination) or "",
        balance_transaction_id=id_of(found.balance_transaction),
        reversal_entries=tuple(
            (id_of(each.balance_transaction) or "", from_stripe(each.amount, each.currency))
            for each in found.reversals.data
        ),
        group=found.transfer_group,
        reference=reference_of(found.metadata),
    )


def _payout(found: stripe.Payout) -> BankPayout:
    return BankPayout(
        id=found.id,
        status=found.status,
        amount=from_stripe(found.amount, found.currency),
        arrival=moment(found.arrival_date),
        balance_transaction_id=id_of(found.balance_transaction),
        failure_balance_transaction_id=id_of(found.failure_balance_transaction),
        failure=found.failure_message,
        reference=reference_of(found.metadata),
    )
