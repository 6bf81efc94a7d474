"""What the house believes of itself, held against its own files."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from app.config import ROOT

APP = ROOT / "app"
ROOMS = sorted(path.parent.name for path in APP.glob("*/__init__.py"))
ONE_FILE = APP / "ledger" / "verify.py"  # a stranger downloads it and reads it alone, so it tells all its stories
HOMES = re.compile(r"/(?:home|Users)/(?!user/|you/)[a-z][a-z0-9_-]*/|/root/\.")


def _sources(*folders: Path) -> Iterator[Path]:
    for folder in folders or (APP, ROOT / "tests", ROOT / "bench"):
        yield from (path for path in folder.rglob("*.py") if "versions" not in path.parts)


def _tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.split("\0") if name]


def _functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_no_file_tells_two_stories() -> None:
    long = {str(path.relative_to(ROOT)): lines for path in _sources(APP) if (lines := _lines(path)) > 300}
    assert long.keys() == {str(ONE_FILE.relative_to(ROOT))}
    assert _lines(ONE_FILE) <= 600


def test_no_function_passes_forty_lines() -> None:
    long = [
        f"{path.relative_to(ROOT)}:{one.lineno} {one.name}"
        for path in _sources(APP)
        for one in _functions(path)
        if (one.end_lineno or 0) - one.lineno >= 40
    ]
    assert long == []


def test_one_place_asks_what_time_it_is() -> None:
    asking = re.compile(r"\bdatetime\.(now|utcnow|today)\(|\bdate\.today\(|\bfunc\.now\(|\btime\.localtime\(")
    found = {str(path.relative_to(APP)) for path in _sources(APP) if asking.search(path.read_text("utf-8"))}
    assert found == {"kit/clock.py"}


def test_models_never_commit() -> None:
    models = [path for path in _sources(APP) if path.name == "models.py" or "models" in path.parts]
    assert [path.name for path in models if "session.commit()" in path.read_text("utf-8")] == []
    assert len(models) > 10


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_says_in_one_sentence_what_it_is_for(room: str) -> None:
    sentence = ast.get_docstring(ast.parse((APP / room / "__init__.py").read_text("utf-8"))) or ""
    assert sentence.endswith("."), room
    assert "\n" not in sentence, room


def test_the_map_names_every_room() -> None:
    words = (ROOT / "docs" / "map.md").read_text("utf-8")
    assert [room for room in ROOMS if f"`{room}" not in words and f"{room}/" not in words] == []


def test_every_room_stands_on_its_floor() -> None:
    contract = (ROOT / "pyproject.toml").read_text("utf-8").split("[tool.importlinter]")[1]
    assert [
        room for room in ROOMS if room not in {"migrations", "translations"} and f"app.{room}" not in contract
    ] == []


def test_there_are_no_drawers_for_everything() -> None:
    assert [path.name for path in _sources(APP) if path.name in {"utils.py", "services.py", "helpers.py"}] == []


def test_templates_carry_no_script_and_no_style() -> None:
    inline = re.compile(r"<script(?![^>]*(?:src=|application/ld\+json))|<style|\sstyle=|\son[a-z]+=|javascript:", re.I)
    for path in (ROOT / "templates").rglob("*.html"):
        assert inline.findall(path.read_text("utf-8")) == [], path.name


def test_templates_ask_no_query() -> None:
    asking = re.compile(r"\b(db|session|query)\.|\.execute\(")
    found = [path.name for path in (ROOT / "templates").rglob("*.html") if asking.search(path.read_text("utf-8"))]
    assert found == []


def test_scripts_and_styles_load_nothing_from_elsewhere() -> None:
    for path in (APP / "static").rglob("*"):
        if path.suffix in {".js", ".css"}:
            assert re.findall(r"https?://(?!www\.w3\.org)\S+", path.read_text("utf-8")) == [], path.name


def test_nothing_tells_of_a_developer_s_machine() -> None:
    for path in _tracked():
        if path == Path(__file__) or not path.is_file():
            continue
        text = path.read_bytes().decode("utf-8", "ignore")
        assert HOMES.findall(text) == [], path.relative_to(ROOT)
        assert len(ROOT.parts) < 3 or f"{ROOT}/" not in text, path.relative_to(ROOT)


def test_no_secret_is_in_the_repository() -> None:
    names = [path.name for path in _tracked()]
    assert not {"secret_key", ".env", "config.toml", "einzelfall.sqlite"} & set(names)
    assert [path for path in _tracked() if path.suffix in {".sqlite", ".pem", ".key"}] == []


def test_no_address_acts_when_it_is_only_looked_at(app: Flask) -> None:
    acting = re.compile(r"delete|remove|revoke|release|approve|sign-out|decisions|voids|withdraw")
    both = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if {"GET", "POST"} <= (rule.methods or set())
        or ("GET" in (rule.methods or ()) and acting.search(rule.rule) and rule.rule != "/desk/decisions")
    ]
    assert both == []


def test_every_test_reads_as_a_sentence() -> None:
    odd = [
        f"{path.name}: {one.name}"
        for path in _sources(ROOT / "tests")
        for one in _functions(path)
        if one.name.startswith("test_") and one.name.count("_") < 3
    ]
    assert odd == []


def _lines(path: Path) -> int:
    return len(path.read_text("utf-8").splitlines())
