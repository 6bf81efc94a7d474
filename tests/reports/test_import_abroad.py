"""Complaints from another country come in by a mapping of their own."""

import re
from collections import Counter
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from app.extensions import db
from app.places import gazetteer
from app.reports.models import PlaceState, Report
from app.reports.sheets import Mapping, Row, UnreadableFile, UnreadableMapping, read

ROOT = Path(__file__).parents[2]
COMCAST = ROOT / "app/reports/data/comcast_fcc_2015.toml"
HEADER = "ticket,complaint,date,time,received_via,city,state,zip,status,on_behalf\n"
SLOW = '1,"Slow speeds, and billed twice",22-Apr-15,3:53:50 PM,Internet,springfield,Illinois,62701,Open,No\n'
SMALL = "2,Comcast,04-Aug-15,10:22:56 AM,Internet,Springfield,Vermont,05156,Open,No\n"
NO_TIME = "3,Outage,04-Aug-15,,Internet,Chicago,Illinois,60601,Open,No\n"
NO_MONTH = "4,Outage,04-Foo-15,10:22:56 AM,Internet,Chicago,Illinois,60601,Open,No\n"


@pytest.fixture
def american(environ: dict[str, str]) -> None:
    """The campaign in the United States that the handbook shows."""
    shown = re.search(r"```toml\n(name = .*?)```", (ROOT / "docs/running.md").read_text("utf-8"), re.DOTALL)
    assert shown
    instance = Path(environ["EINZELFALL_INSTANCE"])
    instance.mkdir(parents=True)
    (instance / "campaign.toml").write_text(shown[1], "utf-8")


@pytest.fixture
def complaints(tmp_path: Path) -> Path:
    path = tmp_path / "complaints.csv"
    path.write_text(HEADER + SLOW + SMALL + NO_TIME + NO_MONTH, "utf-8")
    return path


def command(file: Path) -> list[str]:
    return ["reports", "import", str(file), "--mapping", str(COMCAST)]


def test_a_complaint_says_its_town_and_state_its_time_and_what_its_words_mean(
    american: None, runner: FlaskCliRunner, app: Flask, complaints: Path
) -> None:
    done = runner.invoke(args=command(complaints))
    assert "4 rows read: 2 imported, 0 here already, 2 refused." in done.stdout
    assert 'complaints.csv:4: date: "04-Aug-15" is not a date with a time.' in done.stderr
    assert 'complaints.csv:5: date: "Foo" is no month in English or German.' in done.stderr
    with app.app_context():
        slow, small = db.session.scalars(db.select(Report).order_by(Report.id))
        assert (slow.place, slow.symptoms) == ("springfield, Illinois", ["internet_slow", "billing"])
        assert slow.claimed_at.isoformat() == "2015-04-22T19:53:50+00:00"
        assert gazetteer().state_of(slow.place_id) == "IL"
        assert (small.place, small.place_state, small.symptoms) == (
            "Springfield, Vermont",
            PlaceState.WAITING,
            ["other"],
        )


def test_complaints_of_928_cities_come_in_and_three_quarters_are_placed(
    american: None, runner: FlaskCliRunner, app: Flask, shared: Path
) -> None:
    file = shared / "data/complaints/comcast_fcc_2015_en.csv"
    first, second = (runner.invoke(args=command(file)).stdout for _ in range(2))
    assert "2224 rows read: 2224 imported, 0 here already, 0 refused." in first
    assert "2224 rows read: 0 imported, 2224 here already, 0 refused." in second
    with app.app_context():
        reports = db.session.scalars(db.select(Report)).all()
        states = Counter(report.place_state for report in reports)
        assert states == {PlaceState.KNOWN: 1686, PlaceState.WAITING: 538}
        typed = {report.place: report.place_id for report in reports}
        assert (len(typed), sum(place_id is not None for place_id in typed.values())) == (1006, 575)
        for place, place_id in typed.items():
            place_state = gazetteer().area(gazetteer().state_of(place_id)) if place_id else None
            assert not place_state or place.casefold().endswith(place_state.name.casefold())


def test_symptoms_that_the_campaign_does_not_have_refuse_the_import_by_their_names(
    runner: FlaskCliRunner, complaints: Path
) -> None:
    refused = runner.invoke(args=command(complaints))
    assert refused.exit_code == 1
    assert "no symptom billing, blocked, data_cap, internet_slow, other" in refused.stderr
    assert "data_slow" in refused.stderr


@pytest.mark.parametrize(
    ("cells", "moment"),
    [
        ("22-Apr-15,3:53:50 PM", "2015-04-22T19:53:50+00:00"),
        ("01-Dez-15,9:05 Uhr", None),
        ("1. Dez. 2015,09:05", "2015-12-01T14:05:00+00:00"),
        ("1 März 2015,09:05", "2015-03-01T14:05:00+00:00"),
        ("05-May-95,12:00:00 AM", "1995-05-05T04:00:00+00:00"),
        ("22-Apr-70,3:53:50 PM", None),
        ("31-Apr-15,3:53:50 PM", None),
    ],
)
def test_a_month_that_is_named_is_read_in_english_and_german(tmp_path: Path, cells: str, moment: str | None) -> None:
    path = tmp_path / "complaints.csv"
    path.write_text(f"{HEADER}1,Slow,{cells},Internet,Chicago,Illinois,60601,Open,No\n", "utf-8")
    [row] = read(path, Mapping.load(COMCAST))
    assert (row.told_at.isoformat() if isinstance(row, Row) else None) == moment


def test_a_column_of_states_that_the_file_lacks_is_missed(tmp_path: Path) -> None:
    path = tmp_path / "complaints.csv"
    path.write_text(HEADER.replace("state", "zip2"), "utf-8")
    with pytest.raises(UnreadableFile, match='no column "state"'):
        read(path, Mapping.load(COMCAST))


def test_a_row_without_a_place_gets_no_state_for_one_and_without_words_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "complaints.csv"
    nowhere = "1,Slow,22-Apr-15,3:53 PM,,,Illinois,,,\n2,,22-Apr-15,3:53 PM,,,Illinois,,,\n"
    path.write_text(HEADER + nowhere, "utf-8")
    told, refused = read(path, Mapping.load(COMCAST))
    assert isinstance(told, Row)
    assert told.place == ""
    assert not isinstance(refused, Row)
    assert "neither where nor what" in refused.reason


def test_words_mean_a_symptom_only_whole_unless_a_star_says_so(tmp_path: Path) -> None:
    path = tmp_path / "complaints.csv"
    texts = ("Caps!", "capable", "BILLED", "a bill", "handbill")
    lines = (f"1,{text},22-Apr-15,3:53 PM,,Chicago,Illinois,,,\n" for text in texts)
    path.write_text(HEADER + "".join(lines), "utf-8")
    found = [row.symptoms for row in read(path, Mapping.load(COMCAST)) if isinstance(row, Row)]
    assert found == [("data_cap",), ("other",), ("billing",), ("billing",), ("other",)]


def test_a_mapping_that_tells_no_symptom_in_any_way_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mapping.toml"
    path.write_text('timezone = "UTC"\n[columns]\ntold_at = ["When"]\nplace = ["Where"]\n', "utf-8")
    with pytest.raises(UnreadableMapping, match="default_symptom is expected"):
        Mapping.load(path)
