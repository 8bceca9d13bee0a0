"""One purchase as the service makes it, committed to a durable server."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from marketplace.core import embedded_postgres
from marketplace.core.clock import SetClock
from marketplace.http.context import make_uow
from marketplace.http.database import db
from marketplace.orders import services
from tests import databases
from tests.builders.lots import published_lot
from tests.builders.orders import delivery
from tests.conftest import TODAY
from tests.people import actor, buyer

Press = Callable[[], None]


@contextmanager
def buying() -> Iterator[Callable[[], Press]]:
    """Yield what makes a lot and a buyer and returns the act of buying, ready to be timed."""
    with TemporaryDirectory(prefix="bench-audit-buy-") as folder:
        server = Path(folder) / "server"
        url = embedded_postgres.start(server)
        try:
            databases.migrate(url)
            app = databases.application(url, data_dir=Path(folder), clock=SetClock(TODAY))
            numbers = count(1)
            with app.app_context():
                yield lambda: _prepared(next(numbers))
                db.session.remove()
                db.engine.dispose()
        finally:
            embedded_postgres.stop(server)


def _prepared(number: int) -> Press:
    uow = make_uow()
    lot, version, _amina = published_lot(uow, number=number)
    person, _row = buyer(uow, f"bob {number}", level=3)
    bob = actor(uow.session, person)
    reference, sha256, name = lot.reference, version.sha256, person.name
    uow.commit()

    def press() -> None:
        services.buy(uow.acting_as(bob), lot_reference=reference, version_sha256=sha256, delivery=delivery(name))
        uow.commit()

    return press
