from datetime import UTC, datetime, timedelta

import pytest

from marketplace.accounts import one_time_codes

# RFC 6238, appendix B: the ASCII secret "12345678901234567890"; the last six of the eight digits listed there.
RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


@pytest.mark.parametrize(
    ("second", "code"),
    [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (2_000_000_000, "279037")],
)
def test_codes_are_those_of_the_standard(second: int, code: str) -> None:
    at = datetime.fromtimestamp(second, UTC)

    assert one_time_codes.current_code(RFC_SECRET, at=at) == code
    assert one_time_codes.matching_step(RFC_SECRET, code, at=at) == second // 30


def test_a_code_lives_one_step_longer_on_each_side() -> None:
    at = datetime(2026, 9, 29, 9, 0, 0, tzinfo=UTC)
    code = one_time_codes.current_code(RFC_SECRET, at=at)

    assert one_time_codes.matching_step(RFC_SECRET, code, at=at + timedelta(seconds=30)) is not None
    assert one_time_codes.matching_step(RFC_SECRET, code, at=at - timedelta(seconds=30)) is not None
    assert one_time_codes.matching_step(RFC_SECRET, code, at=at + timedelta(seconds=60)) is None
    assert one_time_codes.matching_step(RFC_SECRET, code, at=at - timedelta(seconds=31)) is None


@pytest.mark.parametrize(
    "typed", ["", "12345", "1234567", "\uff11\uff12\uff13\uff14\uff15\uff16", "abcdef", "12 34 5", "٠١٢٣٤٥", "-12345"]
)
def test_what_is_no_six_digits_fits_never(typed: str) -> None:
    assert one_time_codes.matching_step(RFC_SECRET, typed, at=datetime(2026, 9, 29, tzinfo=UTC)) is None


def test_spaces_in_a_code_do_not_matter() -> None:
    assert one_time_codes.matching_step(RFC_SECRET, " 287 082 ", at=datetime.fromtimestamp(59, UTC)) == 1
