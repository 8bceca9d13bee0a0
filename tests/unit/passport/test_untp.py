"""A lot as the subject of a UNTP passport: what the schema of 0.7.0 demands."""

import pytest
import rfc8785
from hypothesis import given

from marketplace.custody.record import LotRecord
from marketplace.passport.untp import product_passport
from tests.builders.records import record, records

BASE = "https://market.example"
DID = "did:web:market.example"


@pytest.mark.parametrize(
    ("kind", "form", "variety", "code"),
    [
        ("gold", "dore", None, "710812"),
        ("gem", "rough", "ruby", "710310"),
        ("gem", "cut", "sapphire", "710391"),
        ("gem", "cut", "tsavorite", "710399"),
    ],
)
def test_goods_have_their_code_of_the_harmonized_system(kind: str, form: str, variety: str | None, code: str) -> None:
    found = product_passport(record(kind=kind, form=form, variety=variety), base_url=BASE, issuer=DID)

    assert [each["code"] for each in found["productCategory"]] == [code]
    assert found["materialProvenance"][0]["materialType"]["code"] == code


def test_the_weight_stands_in_the_trade_s_unit() -> None:
    found = product_passport(record(), base_url=BASE, issuer=DID)

    assert found["dimensions"] == {"weight": {"value": 3.42, "unit": "CTM"}}
    assert found["relatedParty"][0]["party"]["registrationCountry"] == {"countryCode": "TZ"}


@given(records())
def test_every_lot_has_what_a_product_must_have(found: LotRecord) -> None:
    subject = product_passport(found, base_url=BASE, issuer=DID)
    rfc8785.dumps(subject)

    assert {
        "id", "name", "idScheme", "idGranularity", "productCategory", "producedAtFacility", "countryOfProduction",
    } <= {name for name, value in subject.items() if value}  # fmt: skip
