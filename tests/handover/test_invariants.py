"""Whatever happens in between, no group smaller than k follows: random campaigns, counted by brute force."""

import random
from collections import Counter, defaultdict
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.handover.attack import Attempt
from app.handover.generalise import Label, Row, close, generalise, regroup, unit_of
from app.handover.periods import of_month
from tests.handover.campaign import AREAS, DEEDS, PATHS, STEP, SYMPTOMS, Campaign, Delivery, inside, told

deeds = st.tuples(st.sampled_from(DEEDS), st.integers(1, 70), st.integers(0, 6), st.integers(0, 6))
rounds = st.lists(st.lists(deeds, max_size=6), min_size=2, max_size=4)


campaigns = st.builds(told, rounds, st.integers(0, 2**32), st.tuples(*[st.sampled_from((5, 10, 10, 12, 20))] * 4))
MANY = settings(max_examples=100, deadline=None)


def _cells(delivery: Delivery) -> dict[tuple, list]:
    found = defaultdict(list)
    for row in delivery.rows:
        found[AREAS[row.label[0]], row.label[1]].append(row)
    return found


@MANY
@given(campaigns)
def test_every_cell_holds_full_units(campaign: Campaign) -> None:
    for delivery in campaign.deliveries:
        assert delivery.unit % STEP == 0
        assert delivery.unit >= delivery.k
        assert {len(rows) % delivery.unit for rows in _cells(delivery).values()} == {0}
    for first, second in combinations(campaign.deliveries, 2):
        assert second.unit % first.unit == 0, "so every difference of the two is a full unit of the first"


@MANY
@given(campaigns)
def test_every_symptom_is_shown_in_full_units_of_rows_and_never_in_all(campaign: Campaign) -> None:
    for delivery in campaign.deliveries:
        for rows in _cells(delivery).values():
            shown = Counter(symptom for row in rows for symptom in row.symptoms)
            quiet = sum(not row.has_words for row in rows)
            assert all(many % delivery.unit == 0 and many < quiet for many in shown.values())
            sets = {tuple(row.symptoms) for row in rows if row.symptoms}
            assert not shown or (len(sets) > 1 and len(shown) > 1)


@MANY
@given(campaigns)
def test_no_hidden_group_follows_from_exact_totals(campaign: Campaign) -> None:
    """Of each period inside which a delivery says something: who hides behind coarser labels, ever, or waits."""
    for number, delivery in enumerate(campaign.deliveries):
        so_far = [row for each in campaign.deliveries[: number + 1] for row in each.rows]
        for period in {wide for row in delivery.rows for wide in (*row.periods, "") if inside(wide, row.label[1])}:
            coarser = sum(inside(period, row.periods[0]) and not inside(period, row.label[1]) for row in so_far)
            for waiting in delivery.waiting:
                hidden = coarser + sum(inside(period, month) for month in waiting)
                assert hidden == 0 or hidden >= delivery.k


@MANY
@given(campaigns)
def test_words_stand_alone_and_enough_rows_have_none(campaign: Campaign) -> None:
    for delivery in campaign.deliveries:
        assert not [row for row in delivery.rows if row.has_words and row.symptoms]
        for rows in _cells(delivery).values():
            assert sum(not row.has_words for row in rows) >= delivery.k


@MANY
@given(campaigns)
def test_what_is_said_of_a_report_is_true_and_said_once(campaign: Campaign) -> None:
    seen = Counter(row.report for delivery in campaign.deliveries for row in delivery.rows)
    assert set(seen.values()) <= {1}
    for delivery in campaign.deliveries:
        for row in delivery.rows:
            report = campaign.reports[row.report]
            assert inside(row.label[1], report.month)
            assert set(row.symptoms) <= set(report.symptoms)
            assert row.has_words <= report.has_words
            assert row.version != report.version or row.label[0] in report.path


@settings(max_examples=1_000, deadline=None)
@given(campaigns)
def test_a_thousand_campaigns_withstand_every_attack(campaign: Campaign) -> None:
    attempt = Attempt(campaign.extracts(), campaign.world())
    assert list(attempt.findings()) == []


def _rows(count: int, month: str, label: Label = ("de", "2011-11"), first: int = 0) -> list[Row]:
    return [
        Row(number, PATHS[2], of_month(month), ["data"], has_words=False, label=label)
        for number in range(first, first + count)
    ]


def test_where_few_would_wait_a_whole_unit_waits_with_them() -> None:
    rows = _rows(40, "2011-11") + _rows(3, "2010-01", first=40)
    made = generalise(rows, unit=10, k=10, chance=random.Random(1))
    close(made, [], random.Random(1))
    assert len(made.waiting) == 13
    assert {label: len(cell) for label, cell in made.cells.items()} == {("berlin", "2011-11"): 30}


@pytest.mark.parametrize(("period", "left"), [("2011-11", "2011-Q4"), ("2011-Q4", "2011"), ("2011", None), ("", None)])
def test_the_coarser_rows_of_earlier_deliveries_are_hidden_too(period: str, left: str | None) -> None:
    """Seven of November carry the label of the quarter since last time: with all the others in November they show."""
    made = regroup(_rows(40, "2011-11"), unit=10, k=10, chance=random.Random(1))
    close(made, [{}, {period: 7}], random.Random(1))
    found = {label[1]: len(cell) for label, cell in made.cells.items()}
    assert found == {"2011-11": 30} | ({left: 10} if left else {})


def test_the_unit_fits_every_step_and_every_unit_so_far() -> None:
    assert [unit_of(k, {10}) for k in (5, 10, 12, 25, 100)] == [10, 10, 20, 40, 160]
    assert unit_of(10, {7, 10}) == 70
    assert unit_of(30, {10}, {20}) == 40
    assert unit_of(10, {10}, {20, 160, 40}) == 160, "units do not multiply"


def test_symptoms_survive_at_all() -> None:
    """A test of the tests: campaigns have cells that show symptoms, words and every level."""
    rows = [row for seed in range(30) for one in told([[]] * 3, seed * 7919, (10,) * 3).deliveries for row in one.rows]
    assert {symptom for row in rows for symptom in row.symptoms} == set(SYMPTOMS)
    assert any(row.has_words for row in rows)
