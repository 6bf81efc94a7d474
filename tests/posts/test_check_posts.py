"""`flask posts check`"""

from pathlib import Path

import pytest
from flask.testing import FlaskCliRunner

from .folder import write


def test_good_posts_are_counted_and_the_exit_is_0(runner: FlaskCliRunner, folder: Path) -> None:
    write(folder, "a.md")
    result = runner.invoke(args=["posts", "check"])
    assert result.exit_code == 0
    assert "1 posts public, 0 faults, 0 warnings." in result.output


def test_warnings_are_shown_and_the_exit_is_0(runner: FlaskCliRunner, folder: Path) -> None:
    path = write(folder, "a.md", autors="Thea")
    result = runner.invoke(args=["posts", "check"])
    assert result.exit_code == 0
    assert f"{path}:4: warning: Unknown key: autors → authors?" in result.output


def test_a_fault_is_shown_with_its_line_and_the_exit_is_1(runner: FlaskCliRunner, folder: Path) -> None:
    path = write(folder, "a.md", date="2011-11-12")
    result = runner.invoke(args=["posts", "check"])
    assert result.exit_code == 1
    assert f"{path}:3: date “2011-11-12” needs a time with its zone" in result.output
    assert "1 faults" in result.output


def test_paths_below_the_working_folder_are_short(
    runner: FlaskCliRunner, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder, "a.md", date="gestern")
    monkeypatch.chdir(folder.parent)
    assert "\nposts/a.md:3: " in "\n" + runner.invoke(args=["posts", "check"]).output
