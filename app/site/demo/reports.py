"""The 8,000 reports: 7,691 through the importer as the Google Form had them, the others told on the form."""

import gzip
import random
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from app.config import campaign
from app.extensions import db
from app.kit import clock
from app.places import gazetteer
from app.reports.importing import import_rows
from app.reports.models import Report, TextState, Told
from app.reports.sheets import Mapping, read
from app.site.demo import figures, texts
from app.site.demo.ledger import publish_until, sign
from app.web.moving import Tally

SHEET = Path(__file__).parent / "reports_2011.csv.gz"
IMPORTED_AT = datetime(2011, 11, 23, 20, 0, tzinfo=clock.BERLIN)
ENDED_AT = IMPORTED_AT + timedelta(hours=28)
TOTAL = 8_000
RELEASED = 60  # texts that somebody has read and released
BATCH = 50
MINUTE = timedelta(minutes=1)


def import_sheet() -> Iterator[int]:
    """Import the sheet of the form, as it was done on the evening before the handover; yields rows done."""
    with tempfile.NamedTemporaryFile(suffix=".csv") as plain:
        plain.write(gzip.decompress(SHEET.read_bytes()))
        plain.flush()
        rows = iter(list(read(Path(plain.name), Mapping.default())))
        with clock.standing_at(IMPORTED_AT):
            yield from import_rows(rows, Tally(), is_dry=False)
            sign()


def tell_the_rest(rng: random.Random, meanwhile: Callable[[datetime], None]) -> Iterator[int]:
    """The reports of the days after the import, one after the other, until 8,000 are counted; yields how many.

    `meanwhile` does what else was done up to a moment.
    """
    imported = list(db.session.execute(select(Report.place, Report.symptoms).order_by(Report.id)))
    missing = TOTAL - len(imported)
    minutes = sorted(rng.uniform(0, (ENDED_AT - IMPORTED_AT) / MINUTE) for _ in range(missing))
    for number, minute in enumerate(minutes):
        place, symptoms = imported[rng.randrange(len(imported))]
        meanwhile(IMPORTED_AT + timedelta(minutes=minute))
        publish_until(clock_time := IMPORTED_AT + timedelta(minutes=minute))
        figures.publish_nights(clock_time)
        with clock.standing_at(clock_time):
            Report.tell(_told(rng, place, tuple(symptoms)), f"demo:{number}")
            if number % BATCH == BATCH - 1 or number == missing - 1:
                sign()
                yield number % BATCH + 1


def release_some(rng: random.Random) -> None:
    """Release some of the words, as if somebody had read them."""
    waiting = select(Report).where(Report.text_state == TextState.WAITING, Report.place_id.is_not(None))
    found = list(db.session.scalars(waiting.order_by(Report.id.desc()).limit(400)))
    for report in rng.sample(found, min(RELEASED, len(found))):
        report.decide_text(TextState.RELEASED)
    db.session.commit()


def _told(rng: random.Random, place: str, symptoms: tuple[str, ...]) -> Told:
    meant = gazetteer().resolve(place)
    name = getattr(meant, "label", place)
    hotline = rng.choice([choice.key for choice in campaign().hotline] + ["", ""])
    text = texts.report_text(rng, getattr(meant, "name", place), symptoms) if rng.random() < 0.6 else ""
    since = rng.choice(["", "days", "weeks", "months", "months", "year"])
    return Told(symptoms=symptoms, place=name, since=since, hotline=hotline, text=text)
