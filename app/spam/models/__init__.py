"""What the judges remember of texts: never the texts themselves."""

from app.spam.models.cluster import TextCluster
from app.spam.models.fingerprint import KEPT_FOR, Fingerprint
from app.spam.models.recent import RecentTally

__all__ = ["KEPT_FOR", "Fingerprint", "RecentTally", "TextCluster"]
