"""How many reports each place has, moved together with the counter so that no page has to count."""

from sqlalchemy import CheckConstraint, String, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model, db


class PlaceTally(Model):
    """The counted reports of one place."""

    __tablename__ = "place_tally"
    __table_args__ = (CheckConstraint("reports >= 0", name="reports"),)

    place_id: Mapped[str] = mapped_column(String(20), primary_key=True)
    reports: Mapped[int] = mapped_column(index=True)

    @classmethod
    def move(cls, place_id: str | None, change: int) -> None:
        """Add `change` to a place's tally, in the caller's transaction."""
        if place_id is None or change == 0:
            return
        if change < 0:  # an insert of less than nothing is refused by the CHECK before it becomes an update
            here = update(cls).where(cls.place_id == place_id)
            db.session.execute(here.values(reports=cls.reports + change))
            return
        dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
        put = dialect.insert(cls).values(place_id=place_id, reports=change)
        moved = put.on_conflict_do_update(index_elements=[cls.place_id], set_={"reports": cls.reports + change})
        db.session.execute(moved)

    @classmethod
    def above(cls, minimum: int) -> dict[str, int]:
        """Places with at least `minimum` reports, most first."""
        found = select(cls.place_id, cls.reports).where(cls.reports >= minimum)
        return {row.place_id: row.reports for row in db.session.execute(found.order_by(cls.reports.desc()))}


def tallies() -> dict[str, int]:
    """Every place's tally that is not nothing."""
    found = db.session.execute(select(PlaceTally.place_id, PlaceTally.reports).where(PlaceTally.reports > 0))
    return {row.place_id: row.reports for row in found}
