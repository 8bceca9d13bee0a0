"""Connected accounts of recipients: made by the API, filled in by their owner on a small hosted page."""

from __future__ import annotations

from typing import Final

from marketplace.sandbox.events import tell
from marketplace.sandbox.parameters import Parameters, address, branch, only, text
from marketplace.sandbox.refusals import Refusal, invalid, wrong_state
from marketplace.sandbox.store import Body, Transaction, new_id

LINK_SECONDS: Final = 5 * 60
# Where Stripe pays out to accounts of a platform in the United States, Europe or Canada.
COUNTRIES: Final = frozenset(
    {
        "US", "GB", "CA", "CH", "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR",
        "HU", "IE", "IS", "IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
    }
)  # fmt: skip
_KNOWN: Final = frozenset(
    {"business_profile", "business_type", "capabilities", "controller", "country", "email", "expand", "metadata",
     "settings", "tos_acceptance"}
)  # fmt: skip
_DUE: Final = ("business_profile.url", "external_account", "tos_acceptance.date")


def make(tx: Transaction, parameters: Parameters) -> Body:
    """Keep a new account that may receive transfers once its owner filled in its page."""
    only(parameters, _KNOWN)
    country = text(parameters, "country")
    if country not in COUNTRIES:
        raise invalid("country", f"{country} is not currently supported by Stripe.", code="country_unsupported")
    if branch(branch(parameters, "capabilities"), "transfers").get("requested") != "true":
        raise invalid("capabilities", "A recipient needs the transfers capability.")
    account: Body = {
        "id": new_id("acct"), "object": "account", "created": tx.now(), "country": country,
        "business_profile": branch(parameters, "business_profile"), "business_type": parameters.get("business_type"),
        "capabilities": {"transfers": "inactive"}, "charges_enabled": False,
        "controller": {**branch(parameters, "controller"), "type": "application"}, "default_currency": "usd",
        "details_submitted": False, "email": parameters.get("email"),
        "external_accounts": {"object": "list", "data": [], "has_more": False, "url": "/v1/accounts"},
        "future_requirements": {"currently_due": [], "errors": [], "eventually_due": [], "past_due": []},
        "metadata": branch(parameters, "metadata"), "payouts_enabled": False,
        "requirements": _requirements(_DUE), "settings": {"payouts": {}},
        "tos_acceptance": {"service_agreement": "recipient"}, "type": "none",
    }  # fmt: skip
    return tx.add(account)


def link(tx: Transaction, parameters: Parameters, *, base_url: str) -> Body:
    """Return a link to the account's page; it is good once and for minutes only."""
    only(parameters, frozenset({"account", "expand", "refresh_url", "return_url", "type", "collection_options"}))
    account = tx.find("account", text(parameters, "account"))
    if parameters.get("type") != "account_onboarding":
        raise invalid("type", "This sandbox makes links of the type account_onboarding.")
    token = new_id("link")
    account["_link"] = {
        "token": token, "expires_at": tx.now() + LINK_SECONDS, "return_url": address(parameters, "return_url"),
        "refresh_url": address(parameters, "refresh_url"),
    }  # fmt: skip
    tx.save(account)
    return {
        "object": "account_link", "created": tx.now(), "expires_at": tx.now() + LINK_SECONDS,
        "url": f"{base_url}/onboarding/{account['id']}/{token}",
    }  # fmt: skip


def account_of_link(tx: Transaction, account_id: str, token: str) -> Body:
    """Return the account of a link that is still good."""
    account = tx.find("account", account_id)
    good = account.get("_link", {})
    if good.get("token") != token or good["expires_at"] <= tx.now():
        raise Refusal("This link was used or is too old. Go back to the shop and ask for a new one.", status=410)
    return account


def complete(tx: Transaction, account: Body, *, holder: str, number: str) -> str:
    """Note what the owner entered; return where to send her back to."""
    account["external_accounts"]["data"] = [
        {"id": new_id("ba"), "object": "bank_account", "account": account["id"], "account_holder_name": holder,
         "bank_name": "Sandbox Bank", "country": account["country"], "currency": account["default_currency"],
         "last4": number[-4:], "status": "new"}
    ]  # fmt: skip
    back = str(account.pop("_link")["return_url"])
    account.update(details_submitted=True, payouts_enabled=True)
    account["capabilities"]["transfers"] = "active"
    account["requirements"] = _requirements(())
    tell(tx, "account.updated", tx.save(account))
    return back


def restrict(tx: Transaction, account: Body) -> Body:
    """Ask the owner for more; until then nothing is transferred or paid out."""
    account.update(payouts_enabled=False)
    account["capabilities"]["transfers"] = "inactive"
    account["requirements"] = {**_requirements(("individual.verification.document",)), "disabled_reason":
                               "requirements.past_due"}  # fmt: skip
    tell(tx, "account.updated", tx.save(account))
    return account


def check_receives(account: Body) -> None:
    """Refuse a transfer to an account that cannot take one."""
    if account["capabilities"]["transfers"] != "active":
        raise wrong_state(
            "Your destination account needs to have at least one of the following capabilities enabled: transfers.",
            code="insufficient_capabilities_for_transfer",
        )


def _requirements(due: tuple[str, ...]) -> Body:
    return {
        "alternatives": [], "current_deadline": None, "currently_due": list(due), "disabled_reason":
        "requirements.past_due" if due else None, "errors": [], "eventually_due": list(due), "past_due": list(due),
        "pending_verification": [],
    }  # fmt: skip
