"""The bench: our own rules first, then Akismet, if there is a key, for what is in doubt (docs/decisions/0036)."""

from collections.abc import Callable
from dataclasses import replace
from typing import cast

from flask import Flask, current_app

from app.config import InvalidConfig, Settings
from app.spam import rules, standing
from app.spam.akismet import DEADLINE, AkismetJudge, KeyStatus
from app.spam.rules import AKISMET, OBSERVED, Mode, Modes
from app.spam.submission import Submission
from app.spam.verdict import Judgement, Verdict


class Judges:
    """All judges of a site. They touch no database, so no transaction need be open while they think."""

    def __init__(
        self,
        akismet_key: str,
        akismet_url: str,
        base_url: str,
        *,
        is_test: Callable[[], bool] = lambda: False,
        modes: Callable[[], Modes] = dict,
    ) -> None:
        """Without a key Akismet is never asked. ValueError for an `akismet_url` that would be plain HTTP.

        `modes` is asked each time: what people have set.
        """
        self.akismet: AkismetJudge | None = None
        self.modes = modes
        if akismet_key:
            self.akismet = AkismetJudge(akismet_key, akismet_url, base_url, is_test=is_test)

    @property
    def uses_akismet(self) -> bool:
        """Whether there is a key, and nobody has switched Akismet off."""
        return self.akismet is not None and self.modes().get(AKISMET) is not Mode.OFF

    def verdict(self, submission: Submission, deadline: float = DEADLINE) -> Judgement:
        """What the judges advise, within `deadline` seconds. Never raises for anything that Akismet does."""
        modes = self.modes()
        ours = rules.local(submission, modes)
        if self.akismet is None or not _is_in_doubt(ours, modes):
            return ours
        return together(ours, self.akismet.judge(submission, deadline), modes)

    def ours(self, submission: Submission) -> Judgement:
        """What our own rules say, whoever else could be asked."""
        return rules.local(submission, self.modes())

    def alone(self, submission: Submission, modes: Modes) -> Judgement | None:
        """What they advise when they need ask nobody outside; None when they do, so that it has to be stored first."""
        ours = rules.local(submission, modes)
        return ours if self.akismet is None or not _is_in_doubt(ours, modes) else None

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
        bench = Judges(
            settings.akismet_key, settings.akismet_url, settings.base_url, is_test=is_test, modes=standing.modes
        )
    except ValueError as error:
        raise InvalidConfig(f"akismet_url: {error}") from None
    app.extensions["judges"] = bench


def judges() -> Judges:
    """The judges of the current app."""
    return cast(Judges, current_app.extensions["judges"])


def _is_in_doubt(ours: Judgement, modes: Modes) -> bool:
    """Whether Akismet is to be asked: about all but what our rules call spam, since "nothing heard" is no praise."""
    return ours.verdict is not Verdict.SPAM and modes.get(AKISMET) is not Mode.OFF


def together(ours: Judgement, theirs: Judgement | None, modes: Modes) -> Judgement:
    """What comes of our own advice and Akismet's, where it gave one.

    Its word counts, unless its "ham" meets what only a person may let through.
    """
    if theirs is None or not _is_in_doubt(ours, modes):
        return ours
    if modes.get(AKISMET) is Mode.OBSERVE:
        return replace(ours, reasons=ours.reasons + tuple(OBSERVED + key for key in theirs.reasons), alert=theirs.alert)
    both = replace(theirs, reasons=ours.reasons + theirs.reasons, heard=ours.heard)
    if theirs.verdict is Verdict.HAM and ours.needs_person:
        return replace(both, verdict=Verdict.UNSURE, judge="local")
    return both
