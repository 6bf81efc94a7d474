"""`flask handover check`: every attack has an extract that it catches."""

import json
import random
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskCliRunner
from sqlalchemy import select

from app.extensions import db
from app.handover.attack import Figures, Moment, World
from app.handover.files import Delivery
from app.handover.manifest import written
from app.handover.models import undelivered
from app.handover.periods import kind
from app.handover.printed import Printed, printed
from app.reports.models import Report
from tests.figures.telling import publish_on
from tests.handover.extracts import BERLIN, COUNTRY, MITTE, STATE, extract, found, lines
from tests.handover.telling import hand_over, tell

MIXED = (("calls",), ("data",), ("calls", "data"), ())
WORDS = "Seit Wochen ist hier das Netz weg, und niemand weiß warum."


def test_full_units_withstand() -> None:
    first = extract(lines(40, symptoms=MIXED), lines(20, MITTE), lines(10, COUNTRY, "2011"))
    assert found(first, extract(lines(20), lines(10, STATE), name="second")) == []


def test_a_cell_below_k_is_named() -> None:
    assert found(extract(lines(9))) == ["first: Germany · Berlin · Berlin · 2011-11: 9 rows, fewer than 10"]


def test_a_group_between_nested_labels_is_named() -> None:
    """Twenty of the city, twenty-three with its district: three are somebody."""
    names = found(extract(lines(20, MITTE), lines(3, BERLIN, "2011-Q4"), lines(10, COUNTRY, "2011")))
    assert (
        "first: 3 rows are in Germany · Berlin · Berlin · 2011-Q4 and not in Germany · Berlin · Berlin · 2011-11"
        in names
    )


def test_a_cell_of_one_kind_is_named() -> None:
    names = found(extract(lines(20, symptoms=[("calls",), ()])))
    assert names == ["first: Germany · Berlin · Berlin · 2011-11: one symptom or one set of symptoms is all there is"]


def test_a_symptom_that_everybody_has_is_named() -> None:
    names = found(extract(lines(20, symptoms=[("calls", "data"), ("calls",)])))
    assert names == ["first: Germany · Berlin · Berlin · 2011-11: calls is in every row without words"]


def test_a_symptom_that_few_have_is_named() -> None:
    names = found(extract(lines(40, symptoms=MIXED), lines(3, symptoms=[("calls",)]), lines(7)))
    assert names == []
    names = found(extract(lines(16, symptoms=[("calls",), ("data",)]), lines(4)))
    assert names == [f"first: Germany · Berlin · Berlin · 2011-11: {one} is in 8 rows" for one in ("calls", "data")]


def test_words_beside_symptoms_are_named() -> None:
    names = found(extract(lines(40, symptoms=MIXED), lines(10, symptoms=[("calls", "data")], text=WORDS)))
    assert names == ["first: Germany · Berlin · Berlin · 2011-11: 10 rows show words beside symptoms"]


def test_a_cell_in_which_few_are_silent_is_named() -> None:
    names = found(extract(lines(5), lines(15, text=WORDS)))
    assert names == ["first: Germany · Berlin · Berlin · 2011-11: 5 rows without words, fewer than 10"]


def test_what_came_to_a_cumulative_delivery_is_named() -> None:
    first = extract(lines(20, symptoms=MIXED * 5))
    second = extract(lines(20, symptoms=MIXED * 5), lines(4, symptoms=[("calls",)]), name="second")
    names = found(first, second)
    assert "first, second: Germany · Berlin · Berlin · 2011-11 differs by 4 rows" in names
    assert "first, second: Germany · 2011, calls differs by 4 rows" in names


def test_the_same_words_in_two_deliveries_are_named() -> None:
    first = extract(lines(10), lines(10, text=WORDS))
    second = extract(lines(10), lines(10, COUNTRY, "2011", text=WORDS), lines(10, COUNTRY, "2011"), name="second")
    assert "first, second: Germany · 2011: the same words are in both" in found(first, second)


def test_a_figure_that_gives_hidden_ones_away_is_named() -> None:
    figures = Figures("on a day", 10, {BERLIN: 20, COUNTRY: 30}, {(BERLIN, "calls"): 20})
    careless = extract(lines(17, symptoms=[("calls",)] * 4 + [("data",), ()]))
    names = found(careless, world=World([figures]))
    assert "first: Germany · Berlin · Berlin · all time: 3 more were published on a day than were handed over" in names
    assert any("Berlin · all time, calls: 8 more" in name for name in names)
    assert found(extract(lines(10)), world=World([figures])) == []


def test_weeks_that_give_hidden_ones_away_are_named() -> None:
    figures = Figures("on a day", 10, {}, {}, {(BERLIN, "2011-11"): 20, (BERLIN, "2011-Q4"): 30})
    names = found(extract(lines(17)), world=World([figures]))
    assert "first: Germany · Berlin · Berlin · 2011-11: 3 more were published on a day than were handed over" in names
    assert found(extract(lines(10)), world=World([figures])) == []


def test_a_total_that_gives_a_hidden_cell_away_is_named() -> None:
    moment = Moment(Counter({"2011-11": 24, "2011-Q4": 40, "2011": 40, "": 40}), Counter({"2011-11": 24}))
    moment.ever = moment.counting.copy()
    careless = extract(lines(20), lines(10, BERLIN, "2011"))
    names = found(careless, world=World(moments={"first": [moment]}, handed_over=frozenset({""})))
    assert names == ["first: of 2011-11 4 reports hide behind wider labels or wait, fewer than 10"]
    moment.out["2011-11"] = 6  # if six were taken out meanwhile, ten may hide there
    assert found(careless, world=World(moments={"first": [moment]}, handed_over=frozenset({""}))) == []


def test_more_rows_than_were_ever_told_are_named() -> None:
    moment = Moment(*(Counter({"2011-11": 20, "2011-Q4": 20, "2011": 20, "": 20}) for _ in range(2)))
    second = extract(lines(20), name="second")
    world = World(moments={"second": [moment]}, handed_over=frozenset({""}))
    names = found(extract(lines(20)), second, world=world)
    assert "second: 40 rows are labelled 2011-11, of which the ledger has 20 reports" in names


def test_few_who_wait_are_named() -> None:
    careless = extract(lines(20))
    careless.facts = {"unit": 10, "waiting": 3, "ledger": {"counter": 23}}
    assert found(careless) == ["first: 3 reports wait, fewer than 10"]
    careless.facts = {"unit": 10, "waiting": 10, "ledger": {"counter": 50}}
    assert found(careless) == ["first: 10 reports wait, which does not follow from 50 counted and 20 rows"]


@pytest.fixture
def folder(inside: None, tmp_path: Path) -> Path:
    """A delivery of sixty reports on disk."""
    tell(60, district="Mitte")
    tell(60, "München", symptoms=("calls_in", "sms", "no_data"))
    hand_over().write(tmp_path / "one").place()
    return tmp_path / "one"


def _check(runner: FlaskCliRunner, *folders: Path) -> tuple[int, str]:
    done = runner.invoke(args=["handover", "check", *map(str, folders)])
    return done.exit_code, done.output


def _replace(path: Path, old: str, new: str) -> None:
    content = path.read_bytes().decode()
    assert old in content
    path.write_bytes(content.replace(old, new, 1).encode())


def test_an_own_delivery_withstands(folder: Path, runner: FlaskCliRunner) -> None:
    code, said = _check(runner, folder)
    assert code == 0, said
    assert "Nobody can be found." in said


SPOILS: dict[str, tuple[Callable[[Path], object], str]] = {
    "a hash": (lambda path: _replace(path / "records.json", "sms", "no_data"), "does not have the hash"),
    "other rows": (lambda path: _replace(path / "records.csv", "sms", "no_data"), "does not say the same as"),
    "a file": (lambda path: (path / "records.xlsx").unlink(), "records.xlsx is not there"),
    "a header": (lambda path: _replace(path / "records.csv", "country,", "land,"), "begins with land"),
    "a formula": (lambda path: _replace(path / "records.csv", "Deutschland", "=1"), "taken for a formula"),
    "a manifest": (
        lambda path: _replace(path / "manifest.json", '"to": "O2"', '"to": "O1"'),
        "no handover with the hash",
    ),
    "its rows": (lambda path: _replace(path / "manifest.json", '"cells": ', '"cells": 1'), "the manifest says cells"),
    "its k": (lambda path: _replace(path / "manifest.json", '"k": 10', '"k": 3'), "fewer than 5 hide nobody"),
}


@pytest.mark.parametrize("spoilt", SPOILS)
def test_a_spoilt_delivery_is_named(folder: Path, runner: FlaskCliRunner, spoilt: str) -> None:
    deed, says = SPOILS[spoilt]
    deed(folder)
    code, said = _check(runner, folder)
    assert code == 1
    assert says in said


def test_what_is_no_delivery_is_refused(inside: None, runner: FlaskCliRunner, tmp_path: Path) -> None:
    assert _check(runner, tmp_path)[0] == 1
    (tmp_path / "manifest.json").write_text("{")
    (tmp_path / "records.csv").write_text("a,b\n")
    code, said = _check(runner, tmp_path)
    assert (code, "Traceback" in said) == (1, False)


def _naive(rows: list[Report]) -> Delivery:
    """Every report at its finest label, with all its symptoms; the way in which it was done in 2011."""
    around = undelivered.levels_around()
    made: list[Printed] = []
    for one in rows:
        area = next(filter(None, around(one.place_id, one.district_id)))
        made.append(printed(area, f"{one.told_at:%Y-%m}", one.symptoms, ""))
    random.Random(1).shuffle(made)
    return Delivery.of(made, {})


def test_a_naive_extract_is_caught_and_so_is_the_next_that_adds_to_it(
    inside: None, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    tell(17, district="Mitte")
    tell(23)
    tell(4, "München")
    for name in ("one", "two"):
        _naive(list(db.session.scalars(select(Report)))).write(tmp_path / name).place()
        (tmp_path / name / "manifest.json").unlink()
        tell(3, district="Mitte")
    publish_on(7)
    code, said = _check(runner, tmp_path / "one")
    assert code == 1
    assert "München · 2011-11: 4 rows, fewer than 10" in said
    assert "Mitte · all time: 3 more were published on 2011-11-21" in said
    code, said = _check(runner, tmp_path / "one", tmp_path / "two")
    assert "Mitte · 2011-11 differs by 3 rows" in said


def test_a_delivery_of_elsewhere_is_looked_at_alone(folder: Path, runner: FlaskCliRunner, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(folder, elsewhere)
    facts = json.loads((elsewhere / "manifest.json").read_bytes())
    facts["ledger"]["root"] = "0" * 64
    (elsewhere / "manifest.json").write_bytes(written(facts))
    code, said = _check(runner, elsewhere)
    assert code == 0
    assert "without the figures of reports, weeks and symptoms" in said


@pytest.mark.parametrize(("label", "name"), [("2011-11", "month"), ("2011-Q4", "quarter"), ("2011", "year")])
def test_a_label_says_what_it_is(label: str, name: str) -> None:
    assert kind(label) == name
