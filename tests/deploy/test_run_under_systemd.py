"""The units that ship are sound, name what is there, and leave the service little of the machine."""

import re
import shutil
import subprocess
from configparser import ConfigParser
from pathlib import Path

import pytest
from flask.testing import FlaskCliRunner

from app.kit.supervisor import GRACE
from tests.server import ROOT

UNITS = ROOT / "deploy" / "systemd"
SERVICES = ("einzelfall.service", "einzelfall-backup.service")
EXPOSED_AT_MOST = 2.0  # of 10, as systemd counts
CODE = "/opt/einzelfall"

needs_systemd = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")


@needs_systemd
def test_systemd_finds_no_fault(tmp_path: Path) -> None:
    """Where the units say that the code lies it does not lie here, so they are told where it does."""
    for unit in UNITS.iterdir():
        (tmp_path / unit.name).write_text(unit.read_text("utf-8").replace(CODE, str(ROOT)))
    said = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *map(str, sorted(tmp_path.iterdir()))],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (said.returncode, said.stderr) == (0, "")


@needs_systemd
@pytest.mark.parametrize("name", SERVICES)
def test_a_service_has_little_of_the_machine(name: str) -> None:
    command = ["systemd-analyze", "security", "--offline=yes", "--no-pager", str(UNITS / name)]
    said = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    [level] = re.findall(r"Overall exposure level.*: ([\d.]+)", said)
    assert float(level) <= EXPOSED_AT_MOST


def test_who_is_asked_to_stop_has_the_time_to(tmp_path: Path) -> None:
    assert int(unit("einzelfall.service").get("Service", "TimeoutStopSec")) > GRACE + 5


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_runs_a_command_that_there_is(name: str, runner: FlaskCliRunner) -> None:
    words = re.search(r"\.venv/bin/flask ([a-z]+(?: create)?)", unit(name).get("Service", "ExecStart"))
    assert words, name
    assert runner.invoke(args=[*words[1].split(), "--help"]).exit_code == 0


def unit(name: str) -> ConfigParser:
    found = ConfigParser(strict=False, interpolation=None)
    found.optionxform = str  # type: ignore[assignment,method-assign]  # names keep their case
    found.read(UNITS / name, "utf-8")
    return found
