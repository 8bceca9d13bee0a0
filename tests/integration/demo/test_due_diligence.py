"""Whoever looks at the demonstration finds every new page alive."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.checks.models import LotCheck
from marketplace.documents.models import Document
from marketplace.moderation.models import BlindReview
from marketplace.monitoring.models import MinerSheet, OfficerCount, TaxReceipt, TrainingSession
from marketplace.onboarding.models import CooperativeApplication
from tests.integration.demo.conftest import Loaded


def count(session: Session, table: type) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def test_the_report_has_records_of_every_kind(loaded: Loaded, session: Session) -> None:
    assert loaded.said.exit_code == 0, loaded.said.output
    sheets = count(session, MinerSheet)
    assert sheets >= 3
    # Three paydays, one training, one receipt and two counts of each cooperative.
    assert (count(session, TrainingSession), count(session, TaxReceipt)) == (sheets // 3, sheets // 3)
    assert count(session, OfficerCount) == sheets // 3 * 2


def test_a_paper_ends_soon_and_an_application_is_begun(session: Session) -> None:
    ending = select(Document.number).where(Document.number == "TCC-2025-3381", Document.state == "accepted")
    assert session.scalars(ending).all() == ["TCC-2025-3381"]
    assert "draft" in set(session.scalars(select(CooperativeApplication.state)))


def test_a_check_was_made_and_approvals_are_looked_at_again(session: Session) -> None:
    assert "done" in set(session.scalars(select(LotCheck.state)))
    assert set(session.scalars(select(BlindReview.verdict))) <= {"", "approve", "changes"}
