"""Everything a reviewer sees of one case, gathered for its page."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.compliance.models import Cooperative
from marketplace.compliance.queries import officers_of, sites_of
from marketplace.core.actor import Actor
from marketplace.core.errors import Forbidden
from marketplace.core.money import Money
from marketplace.documents.gates import notices_of
from marketplace.http.languages import translate, translate_error
from marketplace.lots.edit_classes import EditClass
from marketplace.lots.goods import sale_of
from marketplace.lots.models import LotVersion
from marketplace.lots.vocabulary import PHOTO_SLOTS
from marketplace.moderation import queries
from marketplace.moderation.ageing import tone_of, used_hundredths, working_days
from marketplace.moderation.checklists import checklist_for, field_of
from marketplace.moderation.four_eyes import LABELS
from marketplace.moderation.models import ModerationCase
from marketplace.moderation.offices import office_of
from marketplace.moderation.queries.care import notes_on
from marketplace.moderation.queries.decisions import is_hidden
from marketplace.moderation.queries.evidence import gross_of
from marketplace.moderation.reasons import reasons_for
from marketplace.moderation.services.claims import check_reviewer
from marketplace.moderation.transitions import OPEN
from marketplace.pricing.labels import BASIS_LABELS, CONFIDENCE_LABELS
from marketplace.web.charge_words import notes_of_version
from marketplace.web.document_view import unmet_words
from marketplace.web.edit_words import edit_of, words_of
from marketplace.web.public.cards import photo_url
from marketplace.web.staff.words import answers_of_lot, changes, flags_in_words, money_of
from marketplace.web.working import sentences


def review_of(session: Session, case: ModerationCase, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Return the context of the review page."""
    content = queries.content_of_case(session, case)
    earlier = queries.last_decided_content(session, case)
    return {
        "case": case,
        "content": content,
        "answers": answers_of_lot(content) if case.kind == "lot" else changes(case.kind, {"sites": []}, content),
        "differences": None if earlier is None else changes(case.kind, earlier, content),
        "flags": flags_in_words(case.flags),
        "unmet": [
            {"text": unmet_words(each), "mender": each.mender}
            for each in queries.unmet_of_case(session, case, today=now.date())
        ],
        "checklist": [
            {"field": field_of(item), "text": item.text, "item": item}
            for item in checklist_for(case.kind, content.get("kind")).items
        ],
        "reason_choices": reasons_for(case.kind),
        "history": queries.history_of(session, case, reader=actor),
        "edit": _edit(session, case, content),
        "notes": notes_on(session, case, reader=actor),
        "assignee": _name_of(session, case.assigned_to),
        "is_hidden": is_hidden(session, case, reader=actor),
        "two_people": [LABELS[code] for code in case.second_reasons if code in LABELS],
        "escalator": _name_of(session, case.escalated_by),
        "age_tone": age_tone(case, now=now),
        "newest": queries.newest_case(session, case),
        "cooperative": session.get_one(Cooperative, case.cooperative_id),
        **_claim(session, case, actor=actor, now=now),
        **(_goods(session, case, content) if case.version_id else _application(session, case)),
    }


def _edit(session: Session, case: ModerationCase, content: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return what a case changes of a lot on sale: its class, and each difference from the approved one."""
    if not case.edit_class or case.lot_id is None:
        return None
    approved = queries.approved_version(session, case.lot_id, before=case)
    rows = edit_of(approved.content, content)["rows"] if approved is not None else []
    return {**words_of(EditClass(case.edit_class)), "rows": rows}


def difference_between(session: Session, seen: ModerationCase, now: ModerationCase) -> list[dict[str, str]]:
    """Return what changed between the version a reviewer saw and the current one."""
    before, after = queries.content_of_case(session, seen), queries.content_of_case(session, now)
    return changes(now.kind, before, after)


def _claim(session: Session, case: ModerationCase, *, actor: Actor, now: datetime) -> dict[str, Any]:
    is_held = case.claimed_until is not None and case.claimed_until > now
    holder = _name_of(session, case.claimed_by) if is_held else None
    is_mine = is_held and case.claimed_by == actor.user_id
    is_open = case.state in OPEN
    refusal = _refusal(session, actor, case)
    return {
        "is_open": is_open,
        "holder": holder,
        "is_mine": is_mine,
        "may_decide": is_open and (is_mine or holder is None) and refusal is None,
        "may_review": refusal is None,
        "why_not": translate_error(refusal) if refusal else None,
    }


def age_tone(case: ModerationCase, *, now: datetime) -> str | None:
    """Return the colour of an open case's age: by the working days of its country's office."""
    if case.state not in OPEN:
        return None
    days = working_days(two_people=bool(case.second_reasons))
    return tone_of(used_hundredths(case.opened_at, now=now, days=days, office=office_of(case.country)))


def _refusal(session: Session, actor: Actor, case: ModerationCase) -> Forbidden | None:
    try:
        check_reviewer(session, actor, case)
    except Forbidden as error:
        return error
    return None


def _name_of(session: Session, user_id: UUID | None) -> str | None:
    user = session.get(User, user_id) if user_id is not None else None
    return user.name if user else None


def _goods(session: Session, case: ModerationCase, content: Mapping[str, Any]) -> dict[str, Any]:
    version = session.get_one(LotVersion, case.version_id)
    price, result = content["price"], version.guidance.get("result") or {}
    currency = price["currency"]
    gross = gross_of(content)
    low, high = money_of(result.get("low")), money_of(result.get("high"))
    is_comparable = low is not None and low.currency == gross.currency
    return {
        "version": version,
        "notices": notices_of(sale_of(content, cooperative_id=case.cooperative_id, lot_id=case.lot_id)),
        "price": Money(price["price_minor"], currency),
        "net": Money(price["net_minor"], currency),
        "gross": gross if is_comparable else None,
        "lines": [
            {"label": line["label"], "payee": line["payee"], "amount": Money(line["amount_minor"], currency)}
            for line in price["lines"]
        ],
        "charges": notes_of_version(price["lines"], currency),
        "guidance": {"low": low, "middle": money_of(result.get("middle")), "high": high} if low and high else None,
        "position": queries.price_position(version),
        "basis": BASIS_LABELS.get(result.get("basis", "")),
        "confidence": CONFIDENCE_LABELS.get(result.get("confidence", "none")),
        "working": sentences(version.guidance),
        "is_unverified": bool(result.get("unverified")),
        "photos": _photos(content),
    }


def _photos(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "url": photo_url(photo["sha256"], 800),
            "full": photo_url(photo["sha256"], 1600),
            "alt": translate(PHOTO_SLOTS.get(photo["slot"], photo["slot"])),
        }
        for photo in content.get("photos") or ()
    ]


def _application(session: Session, case: ModerationCase) -> dict[str, Any]:
    return {
        "sites": sites_of(session, case.cooperative_id),
        "officers": officers_of(session, case.cooperative_id),
        "photos": [],
    }
