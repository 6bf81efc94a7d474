"""How a mapping says which column is which answer."""

import tomllib
from pathlib import Path

import pytest

from app import config
from app.reports.sheets import Mapping, Row, UnreadableFile, UnreadableMapping, read

OTHER_FORM = """
timezone = "America/New_York"
ignore = ["E-mail*"]

[columns]
told_at = ["When"]
place = ["*town*"]
symptoms = ["What"]

[symptoms]
no_network = ["No signal, at all", "No bars"]
"""


@pytest.fixture
def mapping(tmp_path: Path) -> Mapping:
    path = tmp_path / "mapping.toml"
    path.write_text(OTHER_FORM, encoding="utf-8")
    return Mapping.load(path)


def rows(path: Path, content: str, mapping: Mapping) -> list[Row]:
    path.write_text(content, encoding="utf-8")
    return [row for row in read(path, mapping) if isinstance(row, Row)]


def test_another_form_is_read_by_its_own_mapping(tmp_path: Path, mapping: Mapping) -> None:
    content = 'When,In which TOWN?,What,E-mail address\n2015-06-01 10:00,Boston,"No signal, at all",a@example.org\n'
    [row] = rows(tmp_path / "answers.csv", content, mapping)
    assert (row.place, row.symptoms, row.told_at.hour) == ("Boston", ("no_network",), 14)
    assert "example.org" not in repr(row)


def test_the_mapping_of_2011_speaks_the_keys_of_the_campaign() -> None:
    campaign = tomllib.loads((Path(config.__file__).parent / "campaign.toml").read_text(encoding="utf-8"))
    mapping = Mapping.default()
    assert set(mapping.symptoms) == {symptom["key"] for symptom in campaign["symptoms"]}
    assert set(mapping.hotline) <= {answer["key"] for answer in campaign["hotline"]}


def test_a_column_nobody_named_is_refused_instead_of_lost(tmp_path: Path, mapping: Mapping) -> None:
    with pytest.raises(UnreadableFile, match="Age"):
        rows(tmp_path / "answers.csv", "When,Town,What,Age\n", mapping)


@pytest.mark.parametrize(
    ("toml", "says"),
    [
        ("timezone = ", "not TOML"),
        ('timezone = "Europe/Berlin"', "columns"),
        ('timezone = "Bielefeld"', "Europe/Berlin is expected"),
        ('colour = "blue"', "colour"),
        ('[symptoms]\na = ["Kein Netz"]\nb = ["kein netz"]', "stands for two"),
    ],
)
def test_a_mapping_that_is_malformed_is_refused_with_the_place(tmp_path: Path, toml: str, says: str) -> None:
    path = tmp_path / "mapping.toml"
    path.write_text(toml, encoding="utf-8")
    with pytest.raises(UnreadableMapping) as refused:
        Mapping.load(path)
    assert says in str(refused.value)
