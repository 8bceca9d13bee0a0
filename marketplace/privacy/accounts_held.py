"""What is held about a person's account, duties, browsers and letters."""

from typing import Final

from sqlalchemy import or_

from marketplace.accounts.models import (
    ApiToken,
    Buyer,
    CooperativeMember,
    Invitation,
    MailedLink,
    RecoveryCode,
    SignInSession,
    StaffGrant,
    User,
)
from marketplace.core.text import N_
from marketplace.history.models import AuditSubscription
from marketplace.notifications.models import Message
from marketplace.notifications.params import without_token
from marketplace.pricing.models import PriceTextSubscription
from marketplace.privacy.holdings import Holding

OPENS: Final = "a secret that opens the account"
SOMEBODY: Final = "says who else acted"

ACCOUNTS: Final = (
    Holding(
        table=User,
        title=N_("Your account"),
        whose=lambda owner: User.id == owner.user_id,
        shown="id email name language phone email_confirmed_at state created_at totp_confirmed_at",
        withheld={"password_hash": OPENS, "totp_secret_sealed": OPENS, "totp_last_step": OPENS},
    ),
    Holding(
        table=StaffGrant,
        title=N_("Your duties at Pact"),
        whose=lambda owner: StaffGrant.user_id == owner.user_id,
        shown="user_id role granted_at",
        withheld={"granted_by": SOMEBODY},
    ),
    Holding(
        table=CooperativeMember,
        title=N_("Your cooperatives"),
        whose=lambda owner: CooperativeMember.user_id == owner.user_id,
        shown="user_id cooperative_id role added_at",
        withheld={"added_by": SOMEBODY},
    ),
    Holding(
        table=Buyer,
        title=N_("Your company"),
        whose=lambda owner: Buyer.user_id == owner.user_id,
        shown="id user_id company country level level_set_at level_asked_at limit_asked_at created_at",
        withheld={"level_set_by": SOMEBODY},
    ),
    Holding(
        table=SignInSession,
        title=N_("Browsers that signed in"),
        whose=lambda owner: SignInSession.user_id == owner.user_id,
        shown="user_id created_at last_seen_at expires_at second_factor_at ended_at address agent device",
        withheld={"digest": OPENS},
    ),
    Holding(
        table=RecoveryCode,
        title=N_("Recovery codes"),
        whose=lambda owner: RecoveryCode.user_id == owner.user_id,
        shown="id user_id used_at",
        withheld={"digest": OPENS},
    ),
    Holding(
        table=MailedLink,
        title=N_("Links we sent you"),
        whose=lambda owner: MailedLink.user_id == owner.user_id,
        shown="purpose user_id email created_at expires_at used_at",
        withheld={"digest": OPENS, "invitation_id": "stands with the invitation"},
    ),
    Holding(
        table=Invitation,
        title=N_("Invitations you got"),
        whose=lambda owner: or_(Invitation.accepted_by == owner.user_id, Invitation.email == owner.email),
        shown="id kind email name language staff_roles cooperative_id member_role created_at expires_at"
        " accepted_at accepted_by",
        withheld={"invited_by": SOMEBODY},
    ),
    Holding(
        table=ApiToken,
        title=N_("Your API tokens"),
        whose=lambda owner: ApiToken.user_id == owner.user_id,
        shown="id user_id label scopes created_at expires_at last_used_on revoked_at",
        withheld={"digest": OPENS},
    ),
    Holding(
        table=Message,
        title=N_("Letters and text messages"),
        whose=lambda owner: Message.user_id == owner.user_id,
        shown="id user_id channel address language template params created_at sent_at attempts",
        withheld={"last_error": "words of the mail server about our own connection"},
        cleaned={"params": without_token},
    ),
    Holding(
        table=PriceTextSubscription,
        title=N_("Your consent to the price by text message"),
        whose=lambda owner: PriceTextSubscription.user_id == owner.user_id,
        shown="user_id phone currency state code_expires_at code_tries asked_at confirmed_at last_sent_on",
        withheld={"code_digest": OPENS},
    ),
    Holding(
        table=AuditSubscription,
        title=N_("Your subscriptions to news of the log"),
        whose=lambda owner: AuditSubscription.made_by == owner.user_id,
        shown="id kind party_id made_by host state created_at",
        withheld={
            "secret_sealed": "a secret that signs the news",
            "address_sealed": "may hold a secret of the receiver; its host is told",
        },
    ),
)
