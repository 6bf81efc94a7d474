"""What the judges remember of texts, never the texts themselves, and how people have set them."""

from app.spam.models.cluster import TextCluster
from app.spam.models.fingerprint import KEPT_FOR, Fingerprint
from app.spam.models.mode import ChangedMeanwhile, RuleMode
from app.spam.models.recent import RecentTally

__all__ = ["KEPT_FOR", "ChangedMeanwhile", "Fingerprint", "RecentTally", "RuleMode", "TextCluster"]
