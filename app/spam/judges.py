"""The bench: local signals first, then Akismet if there is a key."""

from collections.abc import Callable
from dataclasses import replace
from typing import cast

from flask import Flask, current_app

from app.config import InvalidConfig, Settings
from app.spam import signals
from app.spam.akismet import DEADLINE, AkismetJudge, KeyStatus
from app.spam.submission import Submission
from app.spam.verdict import Judgement, Verdict

FOR_A_PERSON = frozenset({"imitates-staff", signals.CROWDED})  # nobody but a person may let these through


class Judges:
    """All judges of a site. They touch no database, so no transaction need be open while they think."""

    def __init__(
        self,
        akismet_key: str,
        akismet_url: str,
        base_url: str,
        *,
        is_test: Callable[[], bool] = lambda: False,
    ) -> None:
        """Without a key Akismet is never asked. ValueError for an `akismet_url` that would be plain HTTP."""
        self.akismet: AkismetJudge | None = None
        if akismet_key:
            self.akismet = AkismetJudge(akismet_key, akismet_url, base_url, is_test=is_test)

    def verdict(self, submission: Submission, deadline: float = DEADLINE) -> Judgement:
        """What the judges advise, within `deadline` seconds. Never raises for anything that Akismet does."""
        ours = signals.local(submission)
        if self.akismet is None or "honeypot" in ours.reasons:
            return ours
        return _together(ours, self.akismet.judge(submission, deadline))

    def ours(self, submission: Submission) -> Judgement:
        """What our own signals say, whoever else could be asked."""
        return signals.local(submission)

    def alone(self, submission: Submission) -> Judgement | None:
        """What they advise when they need ask nobody outside; None when they do, so that it has to be stored first."""
        ours = signals.local(submission)
        return ours if self.akismet is None or "honeypot" in ours.reasons else None

    def report_spam(self, submission: Submission) -> bool:
        """Tell Akismet that a person found spam; False if it should be told again later."""
        return self.akismet is None or self.akismet.report_spam(submission, reporter="moderator")

    def report_ham(self, submission: Submission) -> bool:
        """Tell Akismet that a person found nothing wrong; False if it should be told again later."""
        return self.akismet is None or self.akismet.report_ham(submission, reporter="moderator")

    def verify(self) -> KeyStatus | None:
        """Whether Akismet knows our key; None without one."""
        return self.akismet.verify() if self.akismet else None


def init_app(app: Flask) -> None:
    """Seat the judges of an app; opens no connection."""
    settings = cast(Settings, app.extensions["settings"])

    def is_test() -> bool:
        return bool(app.testing or app.config.get("DEMO"))

    try:
        bench = Judges(settings.akismet_key, settings.akismet_url, settings.base_url, is_test=is_test)
    except ValueError as error:
        raise InvalidConfig(f"akismet_url: {error}") from None
    app.extensions["judges"] = bench


def judges() -> Judges:
    """The judges of the current app."""
    return cast(Judges, current_app.extensions["judges"])


def _together(ours: Judgement, theirs: Judgement) -> Judgement:
    """Akismet's word counts, unless its "ham" meets strong signs of our own: then a person decides."""
    reasons = ours.reasons + theirs.reasons
    is_doubted = ours.verdict is Verdict.SPAM or FOR_A_PERSON.intersection(ours.reasons)
    if theirs.verdict is Verdict.HAM and is_doubted:
        return Judgement(Verdict.UNSURE, "local", reasons, alert=theirs.alert)
    return replace(theirs, reasons=reasons)
