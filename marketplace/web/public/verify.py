"""Check a passport: by the bundle somebody gave you, or by the code on the bag."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.audit.tlog.errors import TlogError
from marketplace.audit.verify.bundle_files import MAX_BUNDLE_BYTES, PASSPORT, read_bundle
from marketplace.audit.verify.did_web import did_of
from marketplace.audit.verify.documents import canonical_bytes, read_document
from marketplace.audit.verify.passports import Check, Question, State, check_passport
from marketplace.core.ids import normal_reference
from marketplace.core.text import N_
from marketplace.http.access import PUBLIC, allow
from marketplace.http.context import current_uow, settings
from marketplace.http.languages import translate as _
from marketplace.passport import queries
from marketplace.passport.published import issuer_document
from marketplace.web.passport_view import own_policy

bp = Blueprint("verify", __name__, url_prefix="/verify")
LONGEST_CODE: Final = 200
# How the verifier calls a passport in the list of revoked ones, and a list that does not count any more.
REVOKED, TOO_OLD = "revoked", "list-expired"
TONES: Final = {State.HOLDS: "good", State.FAILS: "bad", State.UNKNOWN: "warn"}
# What each line asks: how it reads when it holds, when it does not, and when it could not be checked.
WORDS: Final[Mapping[str, tuple[str, str, str]]] = {
    "form": (
        N_("The passport is readable."),
        N_("The passport cannot be read."),
        N_("Whether the passport is readable could not be checked."),
    ),
    "contexts": (
        N_("Its words mean what they meant when it was signed."),
        N_("Somebody changed what its words mean."),
        N_("What its words mean could not be checked."),
    ),
    "signature": (
        N_("Pact signed this passport, and nobody changed it since."),
        N_("The signature does not hold. This is not what Pact signed."),
        N_("The signature could not be checked."),
    ),
    "token": (
        N_("The second form of the passport says the same and is signed."),
        N_("The second form of the passport does not hold."),
        N_("The second form of the passport could not be checked."),
    ),
    "dates": (
        N_("It is valid today."),
        N_("It is not valid today."),
        N_("Its dates could not be checked."),
    ),
    "status": (
        N_("It was not revoked."),
        N_("It was revoked, or its status is not genuine."),
        N_("Whether it was revoked could not be checked."),
    ),
    "digests": (
        N_("The log names exactly these files."),
        N_("The log names other files than these."),
        N_("Which files the log names could not be checked."),
    ),
    "log": (
        N_("Its entry stands in our signed log."),
        N_("Its entry does not stand in our signed log."),
        N_("Its place in the log could not be checked."),
    ),
}


@bp.get("")
@allow(PUBLIC)
def form() -> str | tuple[str, int] | Response:
    """Ask for a bundle or a code; a code leads to the passport's page."""
    typed = request.args.get("code", "").strip()
    if not typed:
        return _page(values={}, errors={})
    reference = _reference_in(typed)
    lot = queries.lot_of_reference(current_uow().session, reference) if reference else None
    if lot is None or queries.latest(current_uow().session, lot_id=lot.id) is None:
        told = _("We know no passport with this code. Compare it with the code on the bag.")
        return _page(values={"code": typed[:LONGEST_CODE]}, errors={"code": told}), 422
    return redirect(url_for("passport.show", reference=lot.reference), code=303)


@bp.post("")
@allow(PUBLIC)
def check() -> str | tuple[str, int]:
    """Check a bundle with the very checks of the verifier that runs alone, and our own keys; nothing is kept."""
    file = request.files.get("bundle")
    raw = file.read(MAX_BUNDLE_BYTES + 1) if file else b""
    if not raw:
        return _page(values={}, errors={"bundle": _("Choose the bundle: a file that ends in .zip.")}), 422
    try:
        files = read_bundle(raw)
    except TlogError as error:
        told = _("This file could not be checked. %(reason)s", reason=error.message)
        return _page(values={}, errors={"bundle": told}), 422
    uow = current_uow()
    own = canonical_bytes(issuer_document(uow.session, did=did_of(settings().base_url)), what="document of the issuer")
    checks = check_passport(Question(files, own_policy(), at=uow.clock.wall(), did=own))
    checks = _as_of_now(checks, files)
    return _page(values={}, errors={}, checks=[_line(each) for each in checks], answer=_answer(checks, files))


def _as_of_now(checks: Sequence[Check], files: Mapping[str, bytes]) -> Sequence[Check]:
    """Return the checks with what our own books say of a revocation, as the list in a bundle grows old.

    What was revoked since is not told as "not revoked", and what was not is not distrusted for the age of the list.
    """
    wrong = {each.code for each in checks if each.state is State.FAILS}
    state = _newest_of(files)["state"] if wrong <= {TOO_OLD} else ""
    if state == "revoked":
        told = Check("status", State.FAILS, REVOKED, _("The list in this bundle is older than the revocation."))
    elif state in ("newest", "older") and wrong:
        told = Check("status", State.HOLDS, "ok", "")
    else:
        return checks
    return [told if each.name == "status" else each for each in checks]


def _line(check: Check) -> dict[str, str]:
    words = dict(zip((State.HOLDS, State.FAILS, State.UNKNOWN), WORDS[check.name], strict=True))
    is_reason_told = check.state is not State.HOLDS
    return {
        "sentence": _(words[check.state]),
        "tone": TONES[check.state],
        "reason": check.message if is_reason_told else "",
    }


def _answer(checks: Any, files: Mapping[str, bytes]) -> dict[str, str]:
    wrong = {each.code for each in checks if each.state is State.FAILS}
    if wrong - {REVOKED}:
        return {"tone": "bad", "sentence": _("Do not trust this bundle. At least one check does not hold.")}
    lot_page = _newest_of(files)
    if wrong:
        return {"tone": "bad", "sentence": _("This passport was revoked. Do not trust it."), "href": lot_page["href"]}
    if lot_page["state"] in ("older", "unknown"):
        told = _("This bundle is genuine, but a newer version exists.")
        return {"tone": "warn", "sentence": told, "href": lot_page["href"]}
    if any(each.state is State.UNKNOWN for each in checks):
        return {"tone": "warn", "sentence": _("What could be checked holds. Not everything could be checked.")}
    return {"tone": "good", "sentence": _("This bundle is genuine. Every check holds."), "href": lot_page["href"]}


def _newest_of(files: Mapping[str, bytes]) -> dict[str, str]:
    """Say how our own books see a credential that is genuine."""
    session = current_uow().session
    identifier = str(read_document(files[PASSPORT], what="passport").get("id"))
    reference = _reference_in(identifier.rpartition("/v/")[0])
    lot = queries.lot_of_reference(session, reference) if reference else None
    newest = queries.latest(session, lot_id=lot.id) if lot else None
    if lot is None or newest is None:
        return {"state": "", "href": ""}
    href = url_for("passport.show", reference=lot.reference)
    number = identifier.rpartition("/v/")[2]
    mine = queries.version(session, lot_id=lot.id, number=int(number)) if number.isdigit() and len(number) < 9 else None
    if mine is None:
        return {"state": "unknown", "href": href}
    if queries.revocation_of(session, mine) is not None:
        return {"state": "revoked", "href": href}
    return {"state": "newest" if mine is newest else "older", "href": href}


def _reference_in(typed: str) -> str:
    """Return the reference in a typed code or in a passport's address; empty when it cannot be one."""
    last = typed[:LONGEST_CODE].replace("\x00", "").rstrip("/").rpartition("/")[2]
    return normal_reference(last) if last else ""


def _page(
    *,
    values: Mapping[str, str],
    errors: Mapping[str, str],
    checks: list[dict[str, str]] | None = None,
    answer: dict[str, str] | None = None,
) -> str:
    return render_template("public/passport/verify.html", values=values, errors=errors, checks=checks, answer=answer)
