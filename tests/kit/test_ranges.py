import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kit import ranges

NUMBERS = st.sets(st.integers(0, 10_000), min_size=1, max_size=200)


@given(NUMBERS)
def test_numbers_come_back_as_they_were(numbers: set[int]) -> None:
    assert ranges.read(ranges.shorten(numbers), 200) == sorted(numbers)


def test_neighbours_are_said_as_one_range() -> None:
    assert ranges.shorten([7, 3, 4, 5, 12]) == "3-5,7,12"


@pytest.mark.parametrize("text", ["", "x", "1-", "5-3", "1-201", "1-100,200-400", "-4", f"{2**31}"])
def test_what_is_none_or_too_many_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        print(ranges.read(text, 200))
