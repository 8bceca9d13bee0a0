"""The registry as a page of the documentation; `flask audit actions` writes it, a test wants it current."""

from collections.abc import Iterator, Mapping

from marketplace.audit.registry import COMMON, KINDS
from marketplace.audit.registry.kinds import ActionKind

_HEAD = """\
# Actions of the audit log

Written by `flask --app wsgi audit actions` from `marketplace/audit/registry`; do not edit. The entry itself stays for
ever; the facts beside it are kept by their class. Read by: `staff` only, or also the `cooperative`, the `buyer`,
`both`, or the `person` whom the entry is about. A fact with a star holds what somebody wrote as she liked; it is
forgotten by its class ([retention.md](retention.md)), also where the rest is evidence.

"""


def documentation(kinds: Mapping[str, ActionKind] = KINDS) -> str:
    """Return the page as Markdown."""
    return _HEAD + "\n".join(_lines(kinds)) + "\n"


def _lines(kinds: Mapping[str, ActionKind]) -> Iterator[str]:
    yield "| fact beside every entry | kept |"
    yield "|---|---|"
    for name, retention in COMMON.items():
        yield f"| {name} | {retention.value} |"
    yield ""
    yield "| action | version | sentence | about | read by | facts | kept |"
    yield "|---|---|---|---|---|---|---|"
    for name in sorted(kinds):
        yield _row(kinds[name])


def _row(kind: ActionKind) -> str:
    sentence = kind.sentence % {"actor": "Somebody", "target": "…"}
    facts = ", ".join(f"{name}*" if name in kind.words else name for name in kind.disclosures) or "none"
    cells = (kind.name, kind.version, sentence, ", ".join(kind.about), kind.seen, facts, kind.retention)
    return "| " + " | ".join(str(cell) for cell in cells) + " |"
