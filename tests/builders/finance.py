"""What finance finds in the morning: lines without a journal, news in quarantine."""

from datetime import timedelta

from marketplace.payments.models import ProviderEntry, ProviderNews
from marketplace.unit_of_work import UnitOfWork


def unmatched_entry(
    uow: UnitOfWork, entry_id: str = "txn_lost", *, net: int = 4_825, currency: str = "USD", source: str = "ch_lost"
) -> ProviderEntry:
    """Let the provider book yesterday what nobody here knows: net is amount less a fee of 175."""
    row = ProviderEntry(
        id=entry_id,
        type="charge",
        source_id=source,
        amount_minor=net + 175,
        fee_minor=175,
        net_minor=net,
        currency=currency,
        created_at=uow.clock.wall() - timedelta(days=1),
    )
    uow.session.add(row)
    uow.session.flush()
    return row


def quarantined_news(uow: UnitOfWork, event_id: str = "evt_odd", *, about: str = "pi_odd") -> ProviderNews:
    """Let news stand in quarantine."""
    row = ProviderNews(
        event_id=event_id,
        type="payment_intent.succeeded",
        object_type="payment_intent",
        object_id=about,
        payload={"id": event_id},
        received_at=uow.clock.wall(),
        state="quarantined",
        reason="unknown_order",
    )
    uow.session.add(row)
    uow.session.flush()
    return row
