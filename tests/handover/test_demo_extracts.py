"""The three deliveries of the demo, attacked by code that shares nothing with what made or checks them."""

import csv
import json
from collections import Counter
from datetime import datetime
from itertools import combinations, pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.server import Server

K = 10
Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, loaded_demo: Server) -> Server:
    return loaded_demo.copied(tmp_path_factory.mktemp("handed-over"))


@pytest.fixture(scope="module")
def deliveries(demo: Server) -> list[Rows]:
    found = []
    for folder in sorted((demo.instance / "handovers").iterdir()):
        with (folder / "records.csv").open(encoding="utf-8", newline="") as file:
            found.append(list(csv.DictReader(file)))
    assert len(found) == 3
    return found


def _wholes(row: dict[str, str]) -> list[tuple[str, str]]:
    """Every area and every period that a row lies in, as text that begins alike."""
    names = [row[name] for name in ("country", "state", "city", "district")]
    places = {"/".join(names[:end]).rstrip("/") for end in range(1, 5)}
    period = row["period"]
    quarter = f"{period[:4]}-Q{(int(period[5:]) + 2) // 3}" if period[5:].isdigit() else period
    return [(place, time) for place in places for time in {period, quarter, period[:4], ""}]


def _counted(rows: Rows) -> Counter[tuple[str, ...]]:
    """Rows and rows with a symptom, in every area and period around their labels."""
    found: Counter[tuple[str, ...]] = Counter()
    for row in rows:
        for whole in _wholes(row):
            found[whole] += 1
            found.update((*whole, symptom) for symptom in row["symptoms"].split(";") if symptom)
    return found


def test_every_number_that_can_be_counted_or_subtracted_is_nothing_or_at_least_k(deliveries: list[Rows]) -> None:
    counted = [_counted(rows) for rows in deliveries]
    for numbers in counted:
        assert min(numbers.values()) >= K
        for (area, time, *rest), many in numbers.items():
            wider = ("/".join(area.split("/")[:-1]) or area, time, *rest)
            assert numbers[wider] - many == 0 or numbers[wider] - many >= K
    for first, second in combinations(counted, 2):
        differences = [abs(first[key] - second[key]) for key in first.keys() | second.keys()]
        assert not [one for one in differences if 0 < one < K]


def test_in_no_cell_everybody_has_the_same(deliveries: list[Rows]) -> None:
    for rows in deliveries:
        cells: dict[tuple[str, ...], Rows] = {}
        for row in rows:
            cells.setdefault(tuple(list(row.values())[:5]), []).append(row)
        for cell in cells.values():
            assert len(cell) >= K
            sets = {row["symptoms"] for row in cell if row["symptoms"]}
            assert len(sets) != 1
            assert not sets or not set.intersection(*(set(row["symptoms"].split(";")) for row in cell))
            assert not [row for row in cell if row["text"] and row["symptoms"]]
            assert sum(not row["text"] for row in cell) >= K


def test_what_was_published_less_what_was_handed_over_hides_nobody(demo: Server, deliveries: list[Rows]) -> None:
    """Every figure of the country and of Berlin, whose names need no gazetteer; and the ledger's exact totals."""
    handed: Counter[tuple[str, ...]] = Counter()
    sizes = [seq for (seq,) in demo.rows("SELECT seq FROM ledger_entry WHERE kind = 'handover' ORDER BY seq")]
    for size, rows in zip(sizes, deliveries, strict=True):
        handed += _counted(rows)
        for area, name in (("DE", "Deutschland"), ("11000000", "Deutschland/Berlin/Berlin")):
            for measure, value in demo.rows("SELECT measure, value FROM figure WHERE area_id = ?", area):
                key = (name, "") if measure == "reports" else (name, "", measure.partition(":")[2])
                if measure == "reports" or measure.startswith("symptom:"):
                    assert not 0 < value - handed[key] < K, (area, measure)
        told = [_month(*row) for row in demo.rows(TOLD, size)]
        for time in ("2011-11", "2011-Q4", "2011", ""):
            months = {"2011-Q4": ("2011-10", "2011-11", "2011-12")}.get(time, (time,))
            left = sum(month.startswith(months) for month in told) - handed["Deutschland", time]
            assert left == 0 or left >= K, time


TOLD = """SELECT kind, CAST(minute AS TEXT), CAST(claimed_day AS TEXT)
    FROM ledger_entry WHERE kind IN ('counted', 'imported') AND seq < ?"""


def _month(kind: str, minute: str, claimed: str | None) -> str:
    if kind == "imported" and claimed:
        return claimed[:7]
    at = datetime.fromisoformat(minute)
    at = at if at.tzinfo else at.replace(tzinfo=ZoneInfo("UTC"))  # SQLite keeps no zone
    return f"{at.astimezone(ZoneInfo('Europe/Berlin')):%Y-%m}"


def test_the_order_of_rows_says_nothing(deliveries: list[Rows]) -> None:
    """Neighbours share a cell as often as any two rows do, roughly; rows in the order of cells nearly always would."""
    labels = [tuple(row.values())[:5] for row in deliveries[0]]
    alike = sum(first == second for first, second in pairwise(labels)) / len(labels)
    expected = sum((many / len(labels)) ** 2 for many in Counter(labels).values())
    assert alike == pytest.approx(expected, abs=0.02)


def test_the_attack_of_the_site_finds_nobody_and_most_of_the_reports_left(demo: Server, deliveries: list[Rows]) -> None:
    folders = [str(demo.instance / "handovers" / str(number)) for number in (1, 2, 3)]
    done = demo.command("handover", "check", *folders)
    assert done.exit_code == 0, done.output
    assert "with the figures of reports, weeks and symptoms" in done.stdout
    facts = [json.loads((Path(folder) / "manifest.json").read_text("utf-8")) for folder in folders]
    assert facts[0]["rows"] > 6_000
    assert sum(map(len, deliveries)) + facts[2]["waiting"] == 8_000


def test_the_same_reports_handed_over_as_they_are_would_be_found(demo: Server, tmp_path: Path) -> None:
    names = ["country", "state", "city", "district", "period", "symptoms", "text"]
    columns = "place, district, CAST(symptoms AS TEXT), CAST(told_at AS TEXT)"
    told = demo.rows(f"SELECT {columns} FROM report WHERE state = 'counted'")  # noqa: S608 -- our own words
    with (tmp_path / "records.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(names)
        for place, district, symptoms, at in told:
            out.writerow(("Deutschland", "", place, district, at[:7], ";".join(json.loads(symptoms)), ""))
    done = demo.command("handover", "check", str(tmp_path))
    assert done.exit_code == 1
    ways = int(done.stderr.rpartition("Error: ")[2].split()[0])
    assert ways > 2_000
