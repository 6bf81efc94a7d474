"""What is measured, as it is named in the table of figures."""

from datetime import date

REPORTS = "reports"
IMPORTED = "source:import"
ANSWERED = "hotline:answered"  # called, and got an answer
ISOLATED = "hotline:isolated_case"
NOT_CALLED = "not_called"


def symptom(key: str) -> str:
    return f"symptom:{key}"


def hotline(key: str) -> str:
    return f"hotline:{key}"


def follow_up(answer: str) -> str:
    return f"follow-up:{answer}"


def me_too(key: str) -> str:
    return f"me-too:{key}"


def week(monday: date) -> str:
    """`week:2011-W46`, the ISO week that begins on that Monday."""
    year, number, _ = monday.isocalendar()
    return f"week:{year}-W{number:02}"
