"""`flask comments export`: everything a file may keep, in again without loss, and never a badge out of a file."""

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from app.comments.models import Comment, Fragment, State, ThreadSize
from app.comments.models.imported import Imported
from app.extensions import db
from app.kit.markup import comment as rendered
from app.kit.markup import from_html, plain
from app.spam.models import BayesTotal, BayesWord
from app.web.submission import clean
from tests.cast import make_comment, make_editor, make_guest, within
from tests.comments.moving.files import agrees, another, bring_in, line, own, taken_out
from tests.page import Pages

EMPTIED = (Fragment, Imported, Comment, ThreadSize, BayesWord, BayesTotal)


def states(app: Flask) -> list[tuple[str, State]]:
    return within(
        app, lambda: [(one.name, one.state) for one in db.session.scalars(select(Comment).order_by(Comment.id))]
    )


def talk(app: Flask) -> None:
    """What readers, a guest and an editor have said, in every state."""
    first = make_comment(app, text="Seit Wochen kein Netz.")
    make_comment(app, text="Bei mir auch.", parent=first)
    make_comment(app, text="Wir prüfen das.", parent=first, by=make_guest(app))
    make_comment(app, text="Danke an alle.", by=make_editor(app))
    for state in (State.WAITING, State.SPAM, State.REMOVED):
        made = make_comment(app, text=f"Das ist {state}.", state=State.WAITING if state is State.REMOVED else state)
        if state is State.REMOVED:
            within(app, lambda made=made: remove(made.id))  # type: ignore[misc]  # a default argument of a lambda


def remove(id_: int) -> None:
    comment = db.session.get_one(Comment, id_)
    comment.decide(State.PUBLISHED, seen=State.WAITING)
    comment.decide(State.REMOVED, seen=State.PUBLISHED, reason="Werbung")


def test_everything_said_here_is_the_same_after_a_way_out_and_in(
    app: Flask, environ: dict[str, str], empty_database: Path, tmp_path: Path
) -> None:
    talk(app)
    out = taken_out(app, tmp_path / "out.jsonl")
    assert "7 comments written" in app.test_cli_runner().invoke(args=["comments", "export", str(tmp_path / "2")]).stdout
    assert stat.S_IMODE((tmp_path / "out.jsonl").stat().st_mode) == 0o600
    assert "0 imported, 7 here already" in bring_in(app, str(tmp_path / "out.jsonl"), "jsonl").stdout
    with another(environ, tmp_path / "there", empty_database) as there:
        make_guest(there)
        make_editor(there)
        assert "7 imported" in bring_in(there, str(tmp_path / "out.jsonl"), "jsonl").stdout
        assert taken_out(there, tmp_path / "again.jsonl") == out
        assert "O2" in Pages(there.test_client()).open("/posts/netz").html
        assert agrees(there)


def test_the_file_has_no_secret_and_no_address(app: Flask, tmp_path: Path) -> None:
    talk(app)
    make_comment(app, text="Mit Adresse.", email="lena@reader.example")
    out = taken_out(app, tmp_path / "out.jsonl").decode()
    with app.app_context():
        hashes = [one.link_hash for one in db.session.scalars(select(Comment)) if one.link_hash]
    assert hashes
    assert not [one for one in ("@", *hashes) if one in out]


@pytest.mark.parametrize("who", ["another site", "a forger", "nobody invited"])
def test_no_file_makes_anybody_verified(
    app: Flask, environ: dict[str, str], empty_database: Path, tmp_path: Path, who: str
) -> None:
    """A seal of another site, words that were changed, an author who is no member: none of them gets a badge."""
    make_comment(app, text="Wir prüfen das.", by=make_guest(app))
    out = taken_out(app, tmp_path / "out.jsonl").decode()
    file = tmp_path / "brought.jsonl"
    file.write_text(out.replace("prüfen das", "haben gelogen") if who == "a forger" else out, "utf-8")
    secret = "another" if who == "another site" else environ["EINZELFALL_SECRET_KEY"]
    with another(environ, tmp_path / "there", empty_database, EINZELFALL_SECRET_KEY=secret) as there:
        if who != "nobody invited":
            make_guest(there)
        done = bring_in(there, str(file), "jsonl")
        assert done.exit_code == 1
        assert "brought.jsonl:2: by: It answers for “o2”" in done.stderr
        assert states(there) == []


def test_a_seal_speaks_for_its_own_line_alone(app: Flask, tmp_path: Path) -> None:
    make_comment(app, text="Wir prüfen das.", by=make_guest(app))
    (answer,) = map(json.loads, taken_out(app, tmp_path / "out.jsonl").decode().splitlines()[1:])
    forged = (
        line(9, by=answer["by"], seal=answer["seal"]),
        line(8, by=answer["by"]),
        line(7, name="O2", seal=answer["seal"]),
    )
    done = bring_in(app, own(tmp_path, *forged), "jsonl")
    assert "1 imported" in done.stdout
    assert states(app)[1:] == [("O2", State.WAITING)]


def test_a_name_that_a_person_here_let_through_needs_no_second_look(
    app: Flask, environ: dict[str, str], empty_database: Path, tmp_path: Path
) -> None:
    make_comment(app, name="Kundenservice Anna")
    taken_out(app, tmp_path / "out.jsonl")
    for secret, state in ((environ["EINZELFALL_SECRET_KEY"], State.PUBLISHED), ("another", State.WAITING)):
        with another(environ, tmp_path / secret[:3], empty_database, EINZELFALL_SECRET_KEY=secret) as there:
            bring_in(there, str(tmp_path / "out.jsonl"), "jsonl")
            assert states(there) == [("Kundenservice Anna", state)]


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ({"key": "x"}, "key: String should match pattern"),
        ({"state": "gone"}, "state: Input should be"),
        ({"published_at": None}, "It is published and has no name, no text or no time of it."),
        ({"text": ""}, "It is published and has no name, no text or no time of it."),
        ({"taken_back": "erased"}, "Its writer took it back, and it stands."),
        ({"taken_back": "erased", "state": "removed"}, "Its writer had it deleted, and its words are here."),
        ({"written_at": "2011-11-12T10:00:00"}, "One of its times has no zone."),
        ({"written_at": "2999-11-12T10:00:00Z"}, "is no time at which somebody can have written it."),
        ({"written_at": "0001-01-01T00:00:00+14:00"}, "written_at: 1-01-01 00:00 is no time"),
        ({"published_at": "9999-12-31T23:59:59-14:00"}, "published_at: 9999-12-31 23:59 is no time"),
        ({"edited_at": "9999-12-31T23:59:59-14:00"}, "edited_at: 9999-12-31 23:59 is no time"),
        ({"edited_at": "2999-11-12T10:00:00Z"}, "edited_at: 2999-11-12 10:00 is no time"),
        ({"verified": True}, "verified: Extra inputs are not permitted."),
        ({"html": "<script>"}, "html: Extra inputs are not permitted."),
        ({"member_id": 1}, "member_id: Extra inputs are not permitted."),
        ({"text": "x" * 5001}, "text: String should have at most 5000 characters."),
        ({"decided": "yes"}, "decided: Input should be a valid boolean."),
    ],
)
def test_a_line_that_is_no_comment_is_refused_by_its_number(
    app: Flask, tmp_path: Path, fault: dict[str, object], said: str
) -> None:
    done = bring_in(app, own(tmp_path, line(1), {**line(2), **fault}, "{", "x" * 300_000, line(3)), "jsonl")
    assert "comments.jsonl:3: " in done.stderr
    assert said in done.stderr
    assert "comments.jsonl:5: It is longer than any comment." in done.stderr
    assert "5 rows read: 2 imported, 0 here already, 3 refused." in done.stdout


def test_a_file_that_was_cut_off_between_two_lines_is_known(app: Flask, tmp_path: Path) -> None:
    file = Path(own(tmp_path, line(1), line(2), line(3)))
    lines = file.read_text("utf-8").splitlines(keepends=True)
    file.write_text("".join(lines[:3]), "utf-8")
    done = bring_in(app, str(file), "jsonl")
    assert done.exit_code == 1
    assert "comments.jsonl:3: The file ends here, after 2 of 3 comments: it was cut off." in done.stderr
    assert "2 rows read: 2 imported, 0 here already, 0 refused." in done.stdout
    file.write_text("".join(lines), "utf-8")
    assert "1 imported, 2 here already" in bring_in(app, str(file), "jsonl").stdout


def test_a_file_that_an_editor_saved_or_somebody_wrote_is_read(app: Flask, tmp_path: Path) -> None:
    file = Path(own(tmp_path, line(1)))
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b',"count":1', b""))
    done = bring_in(app, str(file), "jsonl")
    assert (done.exit_code, "1 imported" in done.stdout) == (0, True), done.stderr


def test_nothing_is_left_where_the_file_cannot_be_written(app: Flask, tmp_path: Path) -> None:
    done = app.test_cli_runner().invoke(args=["comments", "export", str(tmp_path / "no" / "where.jsonl")])
    assert done.exit_code == 1
    assert "cannot be written" in done.stderr
    assert list(tmp_path.glob("no*")) == []


words = st.text("abcdefgäöüß *_<>&`[]().!#\n\"'😀", min_size=1, max_size=60).map(clean).filter(bool)
names = st.sampled_from(["Lena", "Jörg", "Karin aus Altona", "Ayşe", "蓮"])


Draw = Any  # hypothesis types a draw by what the whole strategy makes


@st.composite
def threads(draw: Draw) -> list[dict[str, object]]:
    """Comments as the site can have them; what readers see stands below what they have seen."""
    made: list[dict[str, object]] = []
    for number in range(1, draw(st.integers(1, 6)) + 1):
        state = draw(st.sampled_from(["published", "published", "waiting", "spam", "removed"]))
        was_seen = bool(state == "published" or draw(st.booleans()))
        one: dict[str, object] = {"key": f"{number:064x}", "post": draw(st.sampled_from(["netz", "anders"]))}
        above = [old for old in made if old["post"] == one["post"] and "published_at" in old]
        if above and draw(st.booleans()):
            one["parent"] = draw(st.sampled_from(above))["key"]
        erased = state == "removed" and draw(st.booleans())
        one |= {} if erased else {"name": draw(names), "text": draw(words)}
        one |= {"state": state, "written_at": f"2011-11-12T10:00:{number:02d}.{draw(st.integers(1, 999999)):06d}Z"}
        one |= {"published_at": "2011-11-12T11:00:00Z"} if was_seen else {}
        one |= {"decided": True} if draw(st.booleans()) else {}
        one |= {"blacked_out": True} if state == "published" and draw(st.booleans()) else {}
        one |= {"taken_back": draw(st.sampled_from(["erased", "withdrawn"]))} if erased else {}
        one |= {"removed_because": "Werbung"} if state == "removed" and not erased else {}
        one |= {"reasons": ["links"], "heard": {"links": 2}} if draw(st.booleans()) and not erased else {}
        one |= {"lesson": "spam"} if state == "spam" else {"lesson": "ham"} if state == "published" else {}
        made.append(one)
    return made


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=threads())
def test_whatever_comments_there_are_the_file_that_comes_out_is_the_one_that_went_in(
    app: Flask, posts: Path, tmp_path: Path, said: list[dict[str, object]]
) -> None:
    (posts / "anders.md").write_text((posts / "netz.md").read_text("utf-8").replace("netz", "anders"), "utf-8")
    app.extensions["shelf"].refresh()
    file = own(tmp_path, *said)
    with app.app_context():
        for table in EMPTIED:
            db.session.execute(delete(table))
        db.session.commit()
    done = bring_in(app, file, "jsonl")
    assert f"{len(said)} imported" in done.stdout, done.stderr
    assert taken_out(app, tmp_path / "out.jsonl").decode() == Path(file).read_text("utf-8")
    assert agrees(app)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["p", "b", "em", "a", "blockquote", "li", "pre", "code", "div", "br", "ul"]),
            st.text("abcäöü *_.-#1\n", min_size=0, max_size=20),
            st.booleans(),
        ),
        max_size=12,
    )
)
@example([("p", "*1", False), ("li", "**1", False), ("p", "1*a", False)])
def test_every_word_of_html_stays_to_be_read(parts: list[tuple[str, str, bool]]) -> None:
    html = "".join(f'<{tag} href="https://x.example/">{said}' + f"</{tag}>" * closed for tag, said, closed in parts)
    shown = plain(rendered(from_html(html)))
    letters = [char for _, said, _ in parts for char in said if char.isalpha()]
    assert [char for char in shown.replace("https://x.example/", "") if char.isalpha()] == letters
