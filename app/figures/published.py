"""The figures as of a batch, in memory: they never change, so each process reads them once."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Self

from flask import Flask, current_app

from app.config import campaign
from app.extensions import db
from app.figures.models import Batch
from app.figures.models.figure import of_all
from app.figures.models.measures import ANSWERED, ISOLATED, REPORTS
from app.figures.quota import Quota
from app.figures.ranking import Ranked, ranked, ranked_per_capita
from app.places import Area, Place, gazetteer

KEPT = 8  # batches; pages of earlier days are asked for now and then


@dataclass(frozen=True)
class Published:
    """How many reports each area has, as of a batch; what the hotline said there."""

    batch: Batch
    least: int  # an area is named from so many published reports on
    reports: dict[str, int]
    answered: dict[str, int]
    isolated: dict[str, int]
    _below: dict[str, list[tuple[Area, int]]] = field(default_factory=dict)  # filled as pages are asked for

    @classmethod
    def of(cls, batch: Batch) -> Self:
        """Read them all, in one question."""
        found = of_all((REPORTS, ANSWERED, ISOLATED), batch.id)
        return cls(batch, least_of(batch.step), found[REPORTS], found[ANSWERED], found[ISOLATED])

    def names(self, area_id: str | None) -> bool:
        """Whether an area has enough reports to be named."""
        return area_id is not None and self.reports.get(area_id, 0) >= self.least

    def below(self, area: Area, limit: int) -> list[tuple[Area, int]]:
        """The areas right below one that are named, most reports first."""
        if area.id not in self._below:
            self._below[area.id] = self._listed(gazetteer().children(area.id))
        return self._below[area.id][:limit]

    def quota(self, area_id: str) -> Quota | None:
        """How many were told there that they are an isolated case, if enough were told anything."""
        return Quota.of(self.isolated.get(area_id, 0), self.answered.get(area_id, 0), self.batch.step)

    @cached_property
    def states(self) -> list[tuple[Area, int]]:
        return self._listed(gazetteer().states)

    @cached_property
    def places(self) -> list[tuple[Place, int]]:
        """Every place that is named, most reports first."""
        found = ((place, count) for key, count in self.reports.items() if (place := gazetteer().get(key)))
        named = ((place, count) for place, count in found if count >= self.least)
        return sorted(named, key=lambda one: (-one[1], one[0].label))

    @cached_property
    def raw(self) -> list[Ranked]:
        return ranked(self.places, self.batch.step)

    @cached_property
    def per_capita(self) -> list[Ranked]:
        return ranked_per_capita(self.places, self.batch.step)

    @cached_property
    def quotas(self) -> list[tuple[Place, Quota]]:
        """The quota of every place where enough were told anything, the highest lower bound first."""
        found = [(place, quota) for place, _ in self.places if (quota := self.quota(place.id))]
        return sorted(found, key=lambda one: (-one[1].low, one[0].label))

    def _listed(self, areas: Iterable[Area]) -> list[tuple[Area, int]]:
        named = [(area, self.reports[area.id]) for area in areas if self.names(area.id)]
        return sorted(named, key=lambda one: (-one[1], one[0].label))


def least_of(step: int) -> int:
    """The first step from which an area is named."""
    return -(-campaign().rank_minimum // step) * step


def named_from() -> int:
    """The same, before there is any batch."""
    return least_of(campaign().figure_step)


def last_published() -> Published | None:
    """The figures that stand now; None before the first batch."""
    batch = Batch.last()
    return published(batch) if batch else None


def published(batch: Batch) -> Published:
    """The figures as of a batch; the newest ones stay in memory."""
    kept: dict[int, Published] = current_app.extensions["published"]
    found = kept.get(batch.id)
    if found is None or found.batch.made_at != batch.made_at:
        db.session.expunge(batch)  # it outlives this session
        found = kept[batch.id] = Published.of(batch)
        for oldest in sorted(kept)[:-KEPT]:
            kept.pop(oldest, None)
    return found


def init_app(app: Flask) -> None:
    app.extensions["published"] = {}
