"""The second factor: one-time codes of an app, and recovery codes for the day the telephone is lost."""

import secrets

from sqlalchemy import delete, select

from marketplace.accounts import one_time_codes
from marketplace.accounts.models import RecoveryCode, User
from marketplace.accounts.queries import user_by_id
from marketplace.accounts.services import sessions
from marketplace.core.crypto import SealBroken, keyed_digest, seal, unseal
from marketplace.core.errors import Forbidden, InvalidInput
from marketplace.core.ids import CROCKFORD
from marketplace.core.text import N_
from marketplace.notifications.services import tell
from marketplace.unit_of_work import UnitOfWork

RECOVERY_CODES = 10
_CODE_SYMBOLS = 10
WRONG_CODE = N_("This code is not right, or it was used already. Wait for the next one.")
START_AGAIN = N_("Open this page again, then scan the new picture.")
STAFF_KEEP_IT = N_("Staff always sign in with a second factor.")


def offer(uow: UnitOfWork) -> tuple[str, str]:
    """Make a secret for the person who asks; return it and its sealed form, which the page hands back."""
    secret = one_time_codes.new_secret()
    sealed = seal(secret.encode(), key=uow.settings.field_key, purpose=f"totp-offer:{uow.actor.user_id}")
    return secret, sealed.hex()


def opened_offer(uow: UnitOfWork, sealed: str) -> str:
    """Return the secret of an offer made to this person; raise InvalidInput when it is not one."""
    try:
        box = bytes.fromhex(sealed[:400])
        return unseal(box, key=uow.settings.field_key, purpose=f"totp-offer:{uow.actor.user_id}").decode()
    except (SealBroken, ValueError):
        raise InvalidInput({"code": START_AGAIN}) from None


def enrol(uow: UnitOfWork, *, secret: str, code: str) -> list[str]:
    """Set the second factor after a code proved that the app has the secret; return new recovery codes."""
    user = user_by_id(uow.session, uow.actor.user_id, lock=True)
    step = one_time_codes.matching_step(secret, code, at=uow.clock.wall())
    if step is None:
        raise InvalidInput({"code": WRONG_CODE})
    user.totp_secret_sealed = seal(secret.encode(), key=uow.settings.field_key, purpose=_purpose(user))
    user.totp_confirmed_at, user.totp_last_step = uow.now, step
    codes = _new_recovery_codes(uow, user)
    _tell_of(uow, user, "set")
    uow.record("user.set_second_factor", user)
    return codes


def pass_with(uow: UnitOfWork, *, code: str, session_digest: str) -> str:
    """Check a code or a recovery code and open a session that passed it; return the session's new secret.

    Each code works once: the person's row is locked while her last time step is compared and moved on.
    """
    user = user_by_id(uow.session, uow.actor.user_id, lock=True)
    if user.totp_secret_sealed is None:
        raise InvalidInput({"code": WRONG_CODE})
    step = one_time_codes.matching_step(secret_of(user, key=uow.settings.field_key), code, at=uow.clock.wall())
    if step is not None:
        if user.totp_last_step is not None and step <= user.totp_last_step:
            raise InvalidInput({"code": WRONG_CODE})
        user.totp_last_step = step
        uow.record("user.pass_second_factor", user)
    else:
        _use_recovery_code(uow, user, code)
    return _passed_session(uow, user, session_digest)


def renew_recovery_codes(uow: UnitOfWork) -> list[str]:
    """Replace the recovery codes of the person who asks and return the new ones."""
    user = user_by_id(uow.session, uow.actor.user_id, lock=True)
    codes = _new_recovery_codes(uow, user)
    _tell_of(uow, user, "recovery_codes")
    uow.record("user.renew_recovery_codes", user)
    return codes


def remove(uow: UnitOfWork) -> None:
    """Take the second factor off the account of the person who asks; staff may not."""
    if uow.actor.is_staff:
        raise Forbidden(STAFF_KEEP_IT)
    clear(uow, user=user_by_id(uow.session, uow.actor.user_id, lock=True))


def clear(uow: UnitOfWork, *, user: User) -> None:
    """Take a person's second factor away and tell her (herself, or the operator after a lost telephone)."""
    forget(uow, user=user)
    _tell_of(uow, user, "removed")
    uow.record("user.remove_second_factor", user)


def forget(uow: UnitOfWork, *, user: User) -> None:
    """Empty the second factor; the caller records why."""
    user.totp_secret_sealed = user.totp_confirmed_at = user.totp_last_step = None
    uow.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))


def secret_of(user: User, *, key: bytes) -> str:
    """Return the secret in the person's app; raise SealBroken when she has none or it was altered."""
    return unseal(user.totp_secret_sealed or b"", key=key, purpose=_purpose(user)).decode()


def passed_now(uow: UnitOfWork, *, session_digest: str) -> str:
    """Open a session that passed the second factor, after it was set up; return the session's new secret."""
    return _passed_session(uow, user_by_id(uow.session, uow.actor.user_id), session_digest)


def _passed_session(uow: UnitOfWork, user: User, session_digest: str) -> str:
    sessions.end(uow, session_digest=session_digest)
    return sessions.open_session(uow, user_id=user.id, second_factor_at=uow.now)


def _use_recovery_code(uow: UnitOfWork, user: User, typed: str) -> None:
    row = uow.session.scalar(
        select(RecoveryCode)
        .where(
            RecoveryCode.user_id == user.id,
            RecoveryCode.digest == _recovery_digest(uow, user, typed),
            RecoveryCode.used_at.is_(None),
        )
        .with_for_update()
    )
    if row is None:
        raise InvalidInput({"code": WRONG_CODE})
    row.used_at = uow.now
    _tell_of(uow, user, "recovery_code_used")
    uow.record("user.use_recovery_code", user)


def _new_recovery_codes(uow: UnitOfWork, user: User) -> list[str]:
    uow.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    codes = ["".join(secrets.choice(CROCKFORD) for _ in range(_CODE_SYMBOLS)) for _ in range(RECOVERY_CODES)]
    uow.session.add_all(RecoveryCode(user_id=user.id, digest=_recovery_digest(uow, user, code)) for code in codes)
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def _recovery_digest(uow: UnitOfWork, user: User, typed: str) -> str:
    """Return the keyed digest of a code: 50 random bits need a key that is not in the database."""
    plain = "".join(typed.split()).replace("-", "").upper().translate(str.maketrans("OIL", "011"))
    return keyed_digest(f"{user.id}:{plain[:40]}", key=uow.settings.secret_key)


def _purpose(user: User) -> str:
    return f"totp:{user.id}"


def _tell_of(uow: UnitOfWork, user: User, change: str) -> None:
    params = {"name": user.name, "change": change, "at": uow.now}
    tell(uow, template="second_factor_changed", user_id=user.id, params=params)
