"""Import every models module, so that the metadata is complete."""

from marketplace.accounts import models as accounts
from marketplace.audit import models as audit
from marketplace.checks import models as checks
from marketplace.compliance import models as compliance
from marketplace.core.db import Base
from marketplace.custody import models as custody
from marketplace.documents import models as documents
from marketplace.history import models as history
from marketplace.incidents import models as incidents
from marketplace.ledger import models as ledger
from marketplace.lots import models as lots
from marketplace.moderation import models as moderation
from marketplace.monitoring import models as monitoring
from marketplace.notifications import models as notifications
from marketplace.orders import exchange_models as order_exchanges
from marketplace.orders import models as orders
from marketplace.orders import negotiation_models as negotiations
from marketplace.orders import overlay_models as order_overlays
from marketplace.papers import models as papers
from marketplace.passport import models as passports
from marketplace.payments import finance_models as finance
from marketplace.payments import models as payments
from marketplace.payments import provider_models, rail_models
from marketplace.pricing import models as pricing
from marketplace.transparency import models as transparency

metadata = Base.metadata

__all__ = [
    "accounts",
    "audit",
    "checks",
    "compliance",
    "custody",
    "documents",
    "finance",
    "history",
    "incidents",
    "ledger",
    "lots",
    "metadata",
    "moderation",
    "monitoring",
    "negotiations",
    "notifications",
    "order_exchanges",
    "order_overlays",
    "orders",
    "papers",
    "passports",
    "payments",
    "pricing",
    "provider_models",
    "rail_models",
    "transparency",
]
