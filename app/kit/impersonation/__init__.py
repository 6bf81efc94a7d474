"""Whom a name could be taken for."""

from app.kit.impersonation.comparison import Likeness, Standing, compare

__all__ = ["Likeness", "Standing", "compare"]
