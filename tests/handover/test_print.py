"""How a row is printed: from areas to names, from which nobody reads two areas as one."""

import pytest

from app.handover.generalise import LEVELS
from app.handover.printed import level_of, names_of, printed
from app.places import gazetteer

pytestmark = pytest.mark.usefixtures("inside")


def test_no_two_areas_print_alike() -> None:
    known = gazetteer()
    areas = [known.country, *known.states, *known]
    areas += [district for place in known for district in known.children(place.id)]
    assert len({names_of(area.id) for area in areas}) == len(areas) > 11_000


def test_each_level_leaves_the_finer_ones_empty() -> None:
    district = gazetteer().district_id("11000000", "Mitte") or ""
    areas = (district, "11000000", gazetteer().state_of("11000000"), "DE")
    rows = [printed(area, "2011-Q4", ["sms", "data_slow"], "") for area in areas]
    assert [sum(1 for name in row[:4] if not name) for row in rows] == [0, 1, 2, 3]
    assert tuple(level_of(area) for area in areas) == LEVELS
    assert {row.symptoms for row in rows} == {"data_slow;sms"}, "in the campaign's order"
