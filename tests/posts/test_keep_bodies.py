"""The HTML of posts' bodies is kept on disk: a start reads it, and nothing of it outlives its post."""

import sys
from pathlib import Path

import pytest

from app.kit import markup
from app.posts import reading
from app.posts.bodies import Bodies
from tests.posts.conftest import MakeShelf
from tests.posts.folder import markdown

POST = markdown("Ein **Text**, der bleibt.").encode()
MADE = "<p>Ein <strong>Text</strong>, der bleibt.</p>"


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """The file in which the body of `POST` was kept."""
    reading.read(Path("netz.md"), POST, Bodies(tmp_path))
    (found,) = tmp_path.iterdir()
    return found


def body(folder: Path, data: bytes = POST) -> str:
    post = reading.read(Path("netz.md"), data, Bodies(folder)).post
    assert post
    return str(post.body.html)


def test_a_body_is_rendered_once(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(sys.modules["app.kit.markup.post"], "sanitise")  # the function of the same name hides it
    assert body(kept.parent) == MADE
    changed = reading.read(Path("netz.md"), POST + b"Mehr.", Bodies(kept.parent))
    assert changed.post is None, "it needs no renderer"


@pytest.mark.parametrize("harm", ["", "<p>halb", "\0" * 200], ids=["empty", "cut off", "zeros"])
def test_what_is_not_whole_is_rendered_anew(kept: Path, harm: str) -> None:
    kept.write_text(kept.read_text()[:64] + harm)
    assert body(kept.parent) == MADE
    assert kept.read_text().endswith(MADE)


def test_what_somebody_wrote_into_it_is_not_shown(kept: Path) -> None:
    kept.write_text(kept.read_text().replace("Text", "Anderes"))
    assert body(kept.parent) == MADE


def test_what_another_version_made_is_rendered_anew(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = kept.read_text()
    monkeypatch.setattr(markup, "made_by", lambda: "a later one")
    assert body(kept.parent) == MADE
    assert kept.read_text() != before


def test_a_disk_that_takes_nothing_costs_time_only(tmp_path: Path) -> None:
    (tmp_path / "full").write_text("a file where the folder should be")
    assert body(tmp_path / "full") == MADE


def test_what_is_taken_down_or_changed_leaves_nothing(make_shelf: MakeShelf, folder: Path, tmp_path: Path) -> None:
    shelf = make_shelf()
    file = folder / "netz.md"
    file.write_bytes(POST)
    shelf.refresh()
    rendered = tmp_path / "instance" / "last-good" / "rendered"
    (first,) = rendered.iterdir()
    file.write_bytes(POST.replace(b"Text", b"Satz"))
    shelf.refresh()
    (second,) = rendered.iterdir()
    assert first != second
    file.unlink()
    shelf.refresh()
    assert list(rendered.iterdir()) == []
