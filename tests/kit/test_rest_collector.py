"""While much is made that stays, nothing is looked for that could be thrown away."""

import gc

import pytest

from app.kit import garbage


def test_the_collector_rests_meanwhile_and_works_again_afterwards() -> None:
    with garbage.kept():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_it_works_again_though_what_was_made_fails() -> None:
    with pytest.raises(OSError, match="no disk"), garbage.kept():
        raise OSError("no disk")
    assert gc.isenabled()


def test_who_had_it_resting_before_has_so_afterwards() -> None:
    with garbage.kept():
        with garbage.kept():
            pass
        assert not gc.isenabled()
