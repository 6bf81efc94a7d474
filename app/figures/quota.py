"""The Einzelfall quota: of those who got an answer from the hotline, how many heard that they are an isolated case."""

from dataclasses import dataclass
from typing import Self

from app.kit import wilson

ENOUGH = 5  # steps


@dataclass(frozen=True, slots=True)
class Quota:
    """A share from two numbers that are rounded down to full steps, with bounds that hold for whatever they were.

    Each may be up to `step - 1` higher. The lower bound is that of the Wilson score interval (95 %) for the fewest told
    among the most asked, the upper one for the most told among the fewest asked.
    """

    told: int
    asked: int
    step: int

    @classmethod
    def of(cls, told: int, asked: int, step: int) -> Self | None:
        """The quota, if enough were asked for the rounding not to say more than the answers."""
        return cls(told, asked, step) if asked >= ENOUGH * step else None

    @property
    def share(self) -> float:
        return self.told / self.asked

    @property
    def low(self) -> float:
        return self._bounds[0]

    @property
    def high(self) -> float:
        return self._bounds[1]

    @property
    def _bounds(self) -> tuple[float, float]:
        most_told = min(self.told + self.step - 1, self.asked)
        fewest_misses, most_misses = self.asked - most_told, self.asked + self.step - 1 - self.told
        return wilson.bounds((self.told, most_told), (fewest_misses, most_misses))
