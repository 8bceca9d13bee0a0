"""News reaches a receiver at least once and in order; failures wait, are shown, and end after days."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from marketplace.accounts.models import User
from marketplace.audit.models import AuditEvent
from marketplace.audit.sequencing import sequence, tree_size
from marketplace.core.actor import StaffRole
from marketplace.core.clock import SetClock
from marketplace.core.errors import Conflict, InvalidInput, NotFound
from marketplace.core.posting import checked_target, post
from marketplace.core.web_address import FetchRefused
from marketplace.history import delivering, services
from marketplace.history.delivering import deliver_all
from marketplace.history.models import AuditDelivery, AuditProgress, AuditSubscription
from marketplace.history.retrying import GIVEN_UP_AFTER
from marketplace.history.slices import STAFF, Slice
from marketplace.http.context import make_uow
from marketplace.notifications.models import Message
from marketplace.unit_of_work import UnitOfWork, running
from tests.people import actor, buyer, person
from tests.receiver import Receiver, receiving


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver that takes everything."""
    with receiving() as found:
        yield found


@dataclass
class Story:
    """A buyer who subscribed, and what happens around him."""

    uow: UnitOfWork
    bob: User
    subscription: AuditSubscription
    secret: str
    mine: UnitOfWork

    def change_profile(self, times: int = 1, *, user: User | None = None) -> None:
        """Let something happen that is his (or of somebody else), and get its place in the log."""
        for _ in range(times):
            self.uow.record("user.change_profile", user or self.bob)
        self.uow.commit()
        sequence(self.uow.session)
        self.uow.commit()

    def deliver(self) -> int:
        """Let the worker go round once."""
        return deliver_all(make_uow)

    def progress(self) -> AuditProgress:
        """Read how far it was served."""
        return self.uow.session.get_one(AuditProgress, self.subscription.id, populate_existing=True)

    def state(self) -> str:
        """Read the state of the subscription."""
        return self.uow.session.get_one(AuditSubscription, self.subscription.id, populate_existing=True).state


@pytest.fixture
def story(uow: UnitOfWork, receiver: Receiver) -> Story:
    """A buyer who subscribed the receiver; nothing that came before is sent."""
    bob, row = buyer(uow, "bob")
    uow.commit()
    sequence(uow.session)
    uow.commit()
    mine = uow.acting_as(actor(uow.session, bob))
    made = services.create(mine, whose=Slice("buyer", row.id), address=receiver.address)
    uow.commit()
    sequence(uow.session)
    uow.commit()
    assert deliver_all(make_uow) == 1, "that he subscribed is the first news"
    receiver.came.clear()
    return Story(uow, bob, made.subscription, made.secret, mine)


def ids(receiver: Receiver) -> list[str]:
    return [headers["webhook-id"] for headers, _ in receiver.came]


def bodies(receiver: Receiver) -> list[Any]:
    return [json.loads(body) for _, body in receiver.came]


def test_news_comes_signed_in_order_and_names_nobody(story: Story, receiver: Receiver) -> None:
    carol, _row = buyer(story.uow, "carol")
    story.change_profile(3)
    story.change_profile(user=carol)

    assert story.deliver() == 3

    indices = [body["data"]["idx"] for body in bodies(receiver)]
    assert indices == sorted(indices)
    for headers, body in receiver.came:
        raw = base64.b64decode(story.secret.removeprefix("whsec_"))
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        mark = base64.b64encode(hmac.new(raw, signed, hashlib.sha256).digest()).decode()
        assert headers["webhook-signature"] == f"v1,{mark}"
        # Not when it happened: receivers refuse what was signed long ago.
        assert abs(int(headers["webhook-timestamp"]) - time.time()) < 60
        assert headers["content-type"].startswith("application/cloudevents+json")
        assert json.loads(body)["specversion"] == "1.0"
        for word in (story.bob.name, story.bob.email, "carol"):
            assert word.encode() not in body
    assert story.deliver() == 0, "nothing is sent twice without need"


def test_an_entry_that_commits_late_is_not_skipped(story: Story, receiver: Receiver) -> None:
    session = story.uow.session
    story.uow.record("user.change_profile", story.bob)
    session.flush()
    late = session.scalars(select(AuditEvent).order_by(AuditEvent.seq.desc()).limit(1)).one()
    story.change_profile(2)
    story.deliver()

    assert str(late.event_id) in ids(receiver)
    assert late.idx is not None
    assert story.progress().next_idx == tree_size(session)


def test_what_failed_is_sent_again_before_anything_newer(story: Story, receiver: Receiver, clock: SetClock) -> None:
    story.change_profile(3)
    receiver.statuses = [204, 500]

    assert story.deliver() == 1
    assert len(receiver.came) == 2
    assert story.progress().failures == 1
    assert story.deliver() == 0, "it waits half a minute"
    clock.advance(timedelta(seconds=30))
    assert story.deliver() == 2

    sent = ids(receiver)
    assert sent[1] == sent[2]
    assert len(set(sent)) == 3
    assert story.progress().failing_since is None
    kept = story.uow.session.execute(select(AuditDelivery.outcome).order_by(AuditDelivery.id)).scalars().all()
    assert kept == ["204", "204", "500", "204", "204"]


def test_where_nobody_listens_the_same_entry_is_sent_again(story: Story, clock: SetClock) -> None:
    whose = Slice("buyer", story.subscription.party_id)
    made = services.create(story.mine, whose=whose, address="http://127.0.0.1:9/news").subscription
    story.change_profile(2)
    session = story.uow.session
    begin = session.get_one(AuditProgress, made.id).next_idx

    for failures in (1, 2):
        story.deliver()
        progress = session.get_one(AuditProgress, made.id, populate_existing=True)
        assert (progress.next_idx - begin, progress.failures) == (0, failures)
        clock.advance(timedelta(minutes=2))

    tried = session.execute(
        select(AuditDelivery.idx, AuditDelivery.is_delivered).where(AuditDelivery.subscription_id == made.id)
    ).all()
    assert [tuple(each) for each in tried] == [(begin, False), (begin, False)]


def test_a_redirect_is_not_followed(story: Story, receiver: Receiver) -> None:
    receiver.statuses, receiver.location = [302], "http://127.0.0.1:1/inside"
    story.change_profile()

    assert story.deliver() == 0
    assert len(receiver.came) == 1


def test_after_days_of_failure_it_stops_and_a_letter_says_so(story: Story, receiver: Receiver, clock: SetClock) -> None:
    story.change_profile()
    receiver.statuses = [500] * 5
    story.deliver()
    clock.advance(GIVEN_UP_AFTER - timedelta(seconds=1))
    story.deliver()
    assert story.state() == "active"
    clock.advance(timedelta(hours=6))
    story.deliver()

    assert story.state() == "disabled"
    letter = story.uow.session.scalars(select(Message).where(Message.template == "audit_news_stopped")).one()
    assert letter.user_id == story.bob.id
    calls = len(receiver.came)
    clock.advance(timedelta(days=1))
    story.deliver()
    assert len(receiver.came) == calls

    receiver.statuses = []
    services.resume(story.mine, subscription_id=story.subscription.id)
    story.uow.commit()
    assert story.deliver() >= 1, "nothing was lost meanwhile"


def test_pausing_keeps_what_happens_for_later(story: Story, receiver: Receiver) -> None:
    services.pause(story.mine, subscription_id=story.subscription.id)
    story.change_profile(2)
    assert story.deliver() == 0
    services.resume(story.mine, subscription_id=story.subscription.id)
    story.uow.commit()

    assert story.deliver() == 3
    assert [body["type"] for body in bodies(receiver)] == [
        "marketplace.audit.audit_subscription.pause",
        "marketplace.audit.user.change_profile",
        "marketplace.audit.user.change_profile",
    ]


def test_replay_sends_from_an_entry_on_again(story: Story, receiver: Receiver) -> None:
    story.change_profile(2)
    story.deliver()
    first = bodies(receiver)[0]["data"]["idx"]
    receiver.came.clear()
    services.replay(story.mine, subscription_id=story.subscription.id, since=first)
    story.uow.commit()

    story.deliver()
    assert [body["data"]["idx"] for body in bodies(receiver)][:2] == [first, first + 1]
    with pytest.raises(InvalidInput):
        services.replay(story.mine, subscription_id=story.subscription.id, since=10**9)


def test_a_replay_asked_for_while_news_is_on_its_way_is_not_lost(story: Story, receiver: Receiver) -> None:
    story.change_profile(2)
    with running(make_uow, read_only=True) as uow:
        work = delivering._work(uow, story.subscription.id)
    tried = delivering._send(work)
    services.replay(story.mine, subscription_id=story.subscription.id, since=work.begin - 1)
    story.uow.commit()
    with running(make_uow) as uow:
        delivering._note(uow, work, tried)

    assert [each.is_delivered for each in tried] == [True, True]
    assert story.progress().next_idx == work.begin - 1


def test_a_new_secret_signs_from_then_on_and_is_stored_sealed(story: Story, receiver: Receiver) -> None:
    made = services.rotate(story.mine, subscription_id=story.subscription.id)
    story.change_profile()
    story.deliver()

    headers, body = receiver.came[-1]
    raw = base64.b64decode(made.secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(raw, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert made.secret != story.secret
    assert raw not in made.subscription.secret_sealed


def test_an_address_is_stored_sealed_and_told_in_no_log(
    story: Story, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    rows = story.uow.session.execute(text("SELECT t::text FROM audit_subscription AS t")).scalars().all()
    written = story.uow.session.execute(text("SELECT encoded FROM audit_disclosure")).scalars().all()
    told = [base64.urlsafe_b64decode(each + "=" * (-len(each) % 4)).decode() for each in written if each]
    path = receiver.address.rpartition("/")[2]
    assert path, "the receiver has a path of its own"
    story.change_profile()
    receiver.statuses = [500]
    with caplog.at_level("DEBUG"):
        story.deliver()

    assert services.address_of(story.subscription, story.uow.settings) == receiver.address
    for text_of_row in (*rows, *told, caplog.text):
        assert receiver.address not in text_of_row
        assert receiver.address.encode().hex() not in text_of_row


def test_what_is_sent_does_not_tell_its_address_or_secret_when_it_is_printed(story: Story, receiver: Receiver) -> None:
    story.change_profile()
    with running(make_uow, read_only=True) as uow:
        printed = repr(delivering._work(uow, story.subscription.id))

    assert "entries=" in printed
    assert receiver.address not in printed
    assert "secret" not in printed


def test_an_ended_subscription_gets_nothing(story: Story, receiver: Receiver) -> None:
    services.delete(story.mine, subscription_id=story.subscription.id)
    story.change_profile()

    assert story.deliver() == 0
    assert receiver.came == []
    assert (story.subscription.address_sealed, story.subscription.secret_sealed) == (b"", b"")
    with pytest.raises(NotFound):
        services.resume(story.mine, subscription_id=story.subscription.id)


def test_a_subscription_ends_with_the_right_to_it(story: Story, receiver: Receiver) -> None:
    story.bob.state = "disabled"
    story.uow.record("user.disable", story.bob)
    story.change_profile()

    assert story.deliver() == 0
    assert receiver.came == []
    assert story.state() == "paused"


def test_one_that_ended_since_it_was_found_due_stays_ended(story: Story, receiver: Receiver) -> None:
    services.delete(story.mine, subscription_id=story.subscription.id)
    story.bob.state = "disabled"
    story.uow.record("user.disable", story.bob)
    story.change_profile()

    assert delivering._serve(make_uow, story.subscription.id) == 0
    assert receiver.came == []
    assert story.state() == "deleted"


def test_nobody_subscribes_to_what_is_not_his(story: Story, receiver: Receiver) -> None:
    carol, hers = buyer(story.uow, "carol")
    mary = person(story.uow, "mary", StaffRole.MODERATOR)
    for user in (carol, mary):
        other = story.uow.acting_as(actor(story.uow.session, user))
        for whose in (STAFF, Slice("buyer", story.subscription.party_id), Slice("cooperative", hers.id)):
            with pytest.raises(NotFound):
                services.create(other, whose=whose, address=receiver.address)
        with pytest.raises(NotFound):
            services.pause(other, subscription_id=story.subscription.id)


def test_five_addresses_are_enough(story: Story) -> None:
    whose = Slice("buyer", story.subscription.party_id)
    for number in range(4):
        services.create(story.mine, whose=whose, address=f"https://example.org/{number}")
    with pytest.raises(Conflict):
        services.create(story.mine, whose=whose, address="https://example.org/5")
    story.uow.commit()


@pytest.mark.parametrize(
    "address",
    ["http://example.org/", "ftp://example.org/", "https://user@example.org/", "javascript:alert(1)", "", "x" * 3_000,
     "https://exa mple.org/", "https://[::1", "https://example.org:99999/", "https://10.0.0.1/", "https://[::1]/", "https://127.0.0.1/"],
)  # fmt: skip
def test_a_wrong_address_is_refused(address: str) -> None:
    with pytest.raises(FetchRefused):
        checked_target(address, loopback=False)


@pytest.mark.parametrize("inside", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "::ffff:10.0.0.1", "fd00::1"])
def test_no_name_leads_inside(inside: str) -> None:
    def resolve(_host: str, _port: int, _seconds: float) -> list[str]:
        return ["93.184.216.34", inside]

    with pytest.raises(FetchRefused, match="private_address"):
        post("https://example.org/", body=b"{}", headers={}, resolve=resolve)


def test_this_machine_is_no_receiver_outside_tests() -> None:
    with pytest.raises(FetchRefused, match="not_https"):
        post("http://127.0.0.1:9/news", body=b"{}", headers={})
    with pytest.raises(FetchRefused, match="private_address"):
        post("https://127.0.0.1:9/news", body=b"{}", headers={})
