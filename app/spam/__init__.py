"""Judges that are handed a plain Submission and decide nothing."""

from app.spam.judges import Judges, init_app
from app.spam.models import Fingerprint
from app.spam.submission import Submission
from app.spam.verdict import Judgement, Verdict

__all__ = ["Fingerprint", "Judgement", "Judges", "Submission", "Verdict", "init_app"]
