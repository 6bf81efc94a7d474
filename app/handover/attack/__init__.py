"""An attack on a set of deliveries: everything that can be counted and subtracted, from what anyone has.

It shares no code with what builds them but the names of fields and periods.
"""

from app.handover.attack.attempt import Attempt
from app.handover.attack.extract import Extract, Line
from app.handover.attack.reading import read
from app.handover.attack.world import Figures, Moment, World

__all__ = ["Attempt", "Extract", "Figures", "Line", "Moment", "World", "read"]
