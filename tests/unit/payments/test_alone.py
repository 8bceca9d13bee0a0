"""One thing that fails does not stop what stands behind it."""

import pytest

from marketplace.core.errors import Conflict
from marketplace.payments.alone import each_alone


def test_what_stands_behind_a_failure_is_attended_to() -> None:
    done: list[int] = []

    def attend(number: int) -> None:
        if number == 2:
            raise Conflict
        done.append(number)

    assert each_alone([1, 2, 3], attend) == 1
    assert done == [1, 3]


def test_a_bug_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError):
        each_alone([1], lambda number: number / 0)
