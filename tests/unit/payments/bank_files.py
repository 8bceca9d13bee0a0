"""Bank files as a bank would write them, small enough to read."""

from collections.abc import Sequence
from decimal import Decimal

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"
NUMBERS = {"USD": "DE89370400440532013000", "EUR": "DE02120300000000202051"}


def amount(minor: int, currency: str) -> str:
    sign = "CRDT" if minor >= 0 else "DBIT"
    return f'<Amt Ccy="{currency}">{Decimal(abs(minor)) / 100:.2f}</Amt><CdtDbtInd>{sign}</CdtDbtInd>'


def balance(code: str, minor: int, currency: str) -> str:
    kind = f"<Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
    return f"<Bal>{kind}{amount(minor, currency)}<Dt><Dt>2026-09-30</Dt></Dt></Bal>"


def camt053(
    *,
    currency: str = "USD",
    number: str = "S1",
    opening: int = 100_000_000,
    closing: int | None = None,
    entries: Sequence[tuple[str, int, str, str]] = (),
) -> bytes:
    """Return a statement; entries are (bank's reference, minor units, end-to-end id, text)."""
    written = "".join(
        f"<Ntry>{amount(minor, currency)}<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-09-30</Dt></BookgDt>"
        f"<AcctSvcrRef>{reference}</AcctSvcrRef><NtryDtls><TxDtls><Refs><EndToEndId>{end or 'NOTPROVIDED'}</EndToEndId>"
        f"</Refs><RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
        for reference, minor, end, text in entries
    )
    last = opening + sum(minor for _, minor, _, _ in entries) if closing is None else closing
    account = f"<Acct><Id><IBAN>{NUMBERS[currency]}</IBAN></Id><Ccy>{currency}</Ccy></Acct>"
    inside = balance("OPBD", opening, currency) + balance("CLBD", last, currency) + written
    statement = f"<Stmt><Id>{number}</Id>{account}{inside}</Stmt>"
    return f'<Document xmlns="{NAMESPACE}"><BkToCstmrStmt>{statement}</BkToCstmrStmt></Document>'.encode()
