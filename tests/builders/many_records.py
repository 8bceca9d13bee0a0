"""Any public record of a lot, for properties: every kind of event, with and without what may be missing."""

from dataclasses import replace
from uuid import UUID

from hypothesis import strategies as st

from marketplace.custody.record import KINDS, CustodyStep, EventDocument, LotAmount, LotRecord, Party
from tests.builders.records import ABROAD, COOPERATIVE, GOLD, MINE, PORT, STONE, moment

WEIGHTS = st.integers(1, 10**12)
DIGESTS = st.binary(min_size=32, max_size=32).map(bytes.hex)
# What a person may type, with what spreadsheets calculate and JSON escapes.
TYPED = st.text(max_size=12) | st.sampled_from(["=1+1", "+2", "@x", '"', "Jina", "\u2028"])
AMOUNTS = st.builds(LotAmount, lot_reference=st.sampled_from(["TZ-A", "TZ-B/1"]), weight_mg=WEIGHTS)
PARTIES = st.sampled_from(
    [COOPERATIVE, Party(role="buyer", name=""), Party(role="carrier", name="=Air"), Party(role="broker", name="B")]
)


@st.composite
def steps(draw: st.DrawFn, number: int) -> CustodyStep:
    """Return any step; its free text names a secret that no export may hold."""
    return CustodyStep(
        id=UUID(int=number),
        number=number,
        kind=draw(st.sampled_from(KINDS)),
        happened_at=moment(number),
        recorded_at=moment(number, 11),
        party=draw(PARTIES),
        place=draw(st.sampled_from([MINE, PORT, ABROAD])),
        receiver=draw(st.none() | PARTIES),
        destination=draw(st.none() | st.sampled_from([PORT, ABROAD])),
        entered_for=draw(st.booleans()),
        weight_before_mg=draw(st.none() | WEIGHTS),
        weight_after_mg=draw(st.none() | WEIGHTS),
        loss_mg=draw(st.integers(0, 10**6)),
        tag_numbers=draw(st.lists(st.just("TZ-9"), max_size=1)),
        inputs=draw(st.lists(AMOUNTS, max_size=3)),
        outputs=draw(st.lists(AMOUNTS, max_size=3)),
        documents=draw(
            st.lists(st.builds(EventDocument, kind=st.just("receipt"), number=TYPED, sha256=st.just("") | DIGESTS))
        ),
        photo_sha256s=draw(st.lists(DIGESTS, max_size=2)),
        facts={"reason": "SECRET REMARK", **draw(st.just({}) | st.just({"part": "TZ-A/1"}))},
        corrects=draw(st.none() | st.just(UUID(int=1))),
    )


@st.composite
def records(draw: st.DrawFn) -> LotRecord:
    """Return any record."""
    count = draw(st.integers(0, 5))
    base = draw(st.sampled_from([GOLD, STONE]))
    return replace(
        base,
        title=draw(TYPED),
        weight_mg=draw(WEIGHTS),
        tag_number=draw(st.sampled_from(["", "TZ-9"])),
        variety=draw(st.sampled_from([None, "tsavorite", "unheard_of"])) if base is STONE else None,
        fineness_permille=draw(st.sampled_from([None, "920", "920.5", "999.9999"])) if base is GOLD else None,
        claims=draw(st.dictionaries(st.sampled_from(["weight", "fineness", "variety", "mercury", "odd"]), TYPED)),
        steps=tuple(draw(steps(number)) for number in range(1, count + 1)),
    )
