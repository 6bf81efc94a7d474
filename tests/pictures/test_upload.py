"""A picture comes to the desk, is shown by a post, and goes."""

import hashlib
import io
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from app.drafts.models import Draft, Preview
from app.extensions import db
from app.kit import clock, picture
from app.people.models import Decision, Member
from app.pictures import decoding, files
from app.pictures.jobs import clear_folders
from app.pictures.models import Picture
from bench.measure import counted
from tests.cast import EDA, GABI, SignedIn, make_other_guest, make_post, read_posts, sign_in, within
from tests.drafts.desk import begin, draft_of, hand_in, save
from tests.page import Pages
from tests.pictures.making import from_a_phone, jpeg

HERE = "/desk/pictures"
MAST = "Der Mast in Altona [Nord]"


def upload(who: SignedIn, data: bytes | None = None, filename: str = "mast.jpg", **said: str) -> TestResponse:
    sent: dict[str, object] = {"alt": MAST, "lang": "de", **said}
    if data is not None:
        sent["file"] = (io.BytesIO(data), filename)
    return who.client.post(HERE, data={"csrf_token": who.token, **sent}, content_type="multipart/form-data")


def pictures(app: Flask) -> list[Picture]:
    return within(app, lambda: list(db.session.scalars(select(Picture).order_by(Picture.id))))


def remove(who: SignedIn, id_: int) -> TestResponse:
    return who.post(f"{HERE}/{id_}/removal")


def on_disk(app: Flask) -> list[str]:
    return sorted(path.name for path in (Path(app.instance_path) / "uploads/pictures").rglob("*") if path.is_file())


def test_a_picture_is_uploaded_written_into_a_post_and_shown(
    app: Flask, eda: SignedIn, pages: Pages, posts: Path
) -> None:
    assert upload(eda, from_a_phone()).status_code == 303
    (made,) = pictures(app)
    assert made.name.endswith("-800x1200")
    page = eda.page(HERE)
    assert f'value="{made.markdown}"' in page.html
    make_post(posts, "netz", f"Ein Text.\n\n{made.markdown}\n")
    read_posts(app)
    shown = pages.open("/posts/netz")
    (img,) = [one for one in shown.main.all("img") if made.name in one.get("src")]
    assert (img.get("alt"), img.get("width"), img.get("height")) == ("Der Mast in Altona (Nord)", "800", "1200")
    (source,) = shown.main.all("source")
    for one in f"{img.get('srcset')}, {source.get('srcset')}".split(", "):
        address, width = one.split()
        answer = pages.client.get(address)
        assert answer.status_code == 200, address
        assert f"-{width[:-1]}." in address


def test_files_are_the_same_for_everybody_and_for_good(app: Flask, eda: SignedIn, client: FlaskClient) -> None:
    upload(eda, jpeg())
    (made,) = pictures(app)
    for kind, mime in (("webp", "image/webp"), ("jpg", "image/jpeg")):
        answer = client.get(picture.address(made.name, 480, kind))
        assert answer.content_type == mime
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert "Set-Cookie" not in answer.headers
        again = client.get(picture.address(made.name, 480, kind), headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
    assert client.get(f"/pictures/{made.name}").content_type == "image/jpeg"


@pytest.mark.parametrize(
    "path",
    [
        "/pictures/0123456789abcdef0123-10x10-10.jpg",
        "/pictures/{name}-481.jpg",
        "/pictures/{name}-480.png",
        "/pictures/{name}-480.jpg.tmp",
        "/pictures/..%2f..%2fsecret_key",
        "/pictures/%2e%2e/secret_key",
        "/pictures/{name}/../../../secret_key",
        "/pictures/",
    ],
)
def test_there_is_nothing_else_behind_these_addresses(
    app: Flask, eda: SignedIn, client: FlaskClient, path: str
) -> None:
    upload(eda, jpeg())
    assert client.get(path.format(name=pictures(app)[0].name)).status_code == 404


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"alt": ""}, "Bitte angeben, was darauf zu sehen ist"),
        ({"is_decorative": "yes"}, "Was nur schmückt, braucht keinen Text."),
        ({"alt": "x" * 301}, "auf 300 Zeichen"),
    ],
)
def test_what_it_shows_is_said_or_declared_needless(
    app: Flask, eda: SignedIn, said: dict[str, str], reason: str
) -> None:
    answer = upload(eda, jpeg(), **said)
    assert answer.status_code == 422
    assert reason in answer.text
    assert pictures(app) == []
    assert "Der Mast" in answer.text or "alt" in said


def test_a_picture_that_decorates_has_an_empty_text(app: Flask, eda: SignedIn) -> None:
    upload(eda, jpeg(), alt="", is_decorative="yes")
    assert pictures(app)[0].markdown.startswith("![](/pictures/")


def test_a_form_without_a_file_says_so(eda: SignedIn) -> None:
    answer = upload(eda)
    assert answer.status_code == 422
    assert "Bitte ein Bild wählen." in answer.text
    assert MAST in answer.text


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "Das ist SVG"),
        (b"GIF89a", "GIF wird nicht angenommen"),
        (b"\0\0\0\x18ftypheic", "Maximale Kompatibilität"),
        (b"MZ", "JPEG, PNG und WebP"),
    ],
)
def test_a_hostile_file_is_refused_with_a_clear_word_and_leaves_nothing(
    app: Flask, eda: SignedIn, data: bytes, word: str
) -> None:
    answer = upload(eda, data, filename="../../x.jpg")
    assert answer.status_code == 422
    assert word in answer.text
    assert MAST in answer.text
    assert on_disk(app) == []


@pytest.mark.parametrize("name", ["../../../instance/x.jpg", "a\u202egpj.exe", "<script>.jpg", "x" * 300, "CON.jpg"])
def test_what_a_file_was_called_is_used_for_nothing(app: Flask, eda: SignedIn, name: str) -> None:
    answer = upload(eda, jpeg(500, 10), filename=name)
    assert answer.status_code == 303, answer.text
    assert on_disk(app) == ["480.jpg", "480.webp", "500.jpg", "500.webp"]
    assert name not in eda.get(HERE).text


def test_the_same_bytes_are_the_same_picture(app: Flask, eda: SignedIn) -> None:
    upload(eda, jpeg())
    upload(eda, jpeg(), alt="Etwas anderes")
    assert [one.alt for one in pictures(app)] == [MAST]
    assert "schon hier" in eda.get(HERE).text


def test_who_has_a_picture_cannot_find_out_who_uploaded_it(app: Flask, gabi: SignedIn, client: FlaskClient) -> None:
    upload(gabi, jpeg())
    (made,) = pictures(app)
    size = made.name.rpartition("-")[2]
    guessed = [hashlib.sha256(f"{id_}\0".encode() + jpeg()).hexdigest()[:20] for id_ in range(9)]
    assert [client.get(f"/pictures/{one}-{size}").status_code for one in guessed] == [404] * 9


def test_a_picture_that_was_named_by_an_earlier_version_is_still_shown(
    app: Flask, gabi: SignedIn, client: FlaskClient
) -> None:
    upload(gabi, jpeg())
    (made,) = pictures(app)
    folder = Path(app.instance_path) / "uploads/pictures"
    old = f"{hashlib.sha256(b'an earlier version').hexdigest()[:20]}-{made.name.rpartition('-')[2]}"
    (folder / made.name).rename(folder / old)
    within(app, lambda: db.session.execute(update(Picture).values(name=old)))
    assert client.get(f"/pictures/{old}").status_code == 200
    upload(gabi, jpeg())
    assert [one.name for one in pictures(app)] == [old, made.name]


def test_guests_see_and_remove_those_of_their_organisation_alone(app: Flask, eda: SignedIn, gabi: SignedIn) -> None:
    vera = sign_in(app, make_other_guest(app))
    for who, alt in ((eda, "Der Stand"), (gabi, "Die Technik"), (vera, "Das Werk")):
        upload(who, jpeg(), alt=alt)
    assert len({one.name for one in pictures(app)}) == 3
    said = {
        who: [alt for alt in ("Der Stand", "Die Technik", "Das Werk") if alt in who.get(HERE).text]
        for who in (gabi, vera)
    }
    assert list(said.values()) == [["Die Technik"], ["Das Werk"]]
    assert all(alt in eda.get(HERE).text for alt in ("Der Stand", "Die Technik", "Das Werk"))
    assert [remove(vera, one.id).status_code for one in pictures(app)[:2]] == [404, 404]
    assert len(pictures(app)) == 3


def test_moderators_and_strangers_have_no_business_here(mo: SignedIn, client: FlaskClient) -> None:
    assert mo.get(HERE).status_code == 403
    assert client.get(HERE).status_code == 303


def test_a_picture_stays_as_long_as_a_post_shows_it(
    app: Flask, eda: SignedIn, client: FlaskClient, posts: Path
) -> None:
    upload(eda, jpeg())
    (made,) = pictures(app)
    address = picture.address(made.name, 480, "jpg")
    make_post(posts, "netz", made.markdown, status="draft")
    read_posts(app)
    assert remove(eda, made.id).status_code == 303
    assert "netz" in eda.get(HERE).text
    assert client.get(address).status_code == 200
    make_post(posts, "netz", "Ohne.")
    read_posts(app)
    remove(eda, made.id)
    assert (pictures(app), on_disk(app)) == ([], [])
    assert client.get(address).status_code == 404
    assert within(app, lambda: db.session.scalars(select(Decision.deed)).all())[-1] == "picture-removed"


def test_a_large_form_is_taken_from_those_who_are_signed_in_only(
    app: Flask, eda: SignedIn, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = jpeg() + b"\0" * 300_000
    assert upload(eda, large).status_code == 303
    sent = {"file": (io.BytesIO(large), "x.jpg"), "alt": MAST}
    assert client.post(HERE, data=sent, content_type="multipart/form-data").status_code == 413
    monkeypatch.setattr(decoding, "LARGEST", 1000)
    assert "mehr als" in upload(eda, jpeg()).text


def test_a_feed_leads_to_the_picture_from_anywhere(app: Flask, eda: SignedIn, client: FlaskClient, posts: Path) -> None:
    upload(eda, jpeg())
    made = pictures(app)[0].markdown
    make_post(posts, "netz", f'Davor.\n\n{made[:-1]} "Foto: Anna")\n\nDanach.')
    read_posts(app)
    (item,) = json.loads(client.get("/feed.json").text)["items"]
    assert 'src="http://localhost:8000/pictures/' in item["content_html"]
    assert '="/pictures/' not in item["content_html"]
    assert ", /pictures/" not in item["content_html"]
    assert item["summary"] == "Davor. Foto: Anna Danach."


def test_the_list_asks_the_same_however_long_it_is(app: Flask, eda: SignedIn) -> None:
    asked = []
    with app.app_context():
        engine = db.engine
    for number in range(3):
        upload(eda, jpeg(100 + number, 50))
        eda.get(HERE)  # what was done is said once
        with counted(engine) as statements:
            assert len(eda.page(HERE).with_class("thumb")) == number + 1
        asked.append(len(statements))
    assert asked[0] == asked[2]


def test_posts_check_warns_of_pictures_that_are_not_there_or_say_nothing(
    app: Flask, eda: SignedIn, posts: Path
) -> None:
    upload(eda, jpeg())
    (made,) = pictures(app)
    upload(eda, jpeg(50, 50), alt="", is_decorative="yes")
    ornament = pictures(app)[1]
    lost = made.name.replace(made.name[0], "0" if made.name[0] != "0" else "1", 1)
    body = f"![](/pictures/{made.name})\n\n![x](/pictures/{lost})\n\n{ornament.markdown}\n\n{made.markdown}\n"
    file = posts / f"{make_post(posts, 'netz', body)}.md"
    said = app.test_cli_runner().invoke(args=["posts", "check"])
    first = file.read_text("utf-8").splitlines().index(body.splitlines()[0]) + 1
    assert said.exit_code == 0
    assert f"netz.md:{first}: warning: /pictures/{made.name} has no text" in said.output
    assert f"netz.md:{first + 2}: warning: /pictures/{lost} is not there" in said.output
    assert "0 faults, 2 warnings" in said.output


def test_why_a_picture_stays_names_no_post_that_is_not_theirs(app: Flask, eda: SignedIn, gabi: SignedIn) -> None:
    upload(gabi, jpeg())
    (made,) = pictures(app)
    path = begin(eda, "Ein geheimer Plan")
    save(eda, path, body=made.markdown, authors="Eda")
    remove(gabi, made.id)
    said = gabi.get(HERE).text
    assert "geheimer-plan" not in said
    assert "Deiner ist, zeigt es" in said
    own = begin(gabi, "Noch nicht eingereicht")
    save(gabi, own, body=made.markdown, authors="Gabi")
    remove(gabi, made.id)
    assert "noch-nicht-eingereicht" in gabi.get(HERE).text
    save(eda, path, body="Ohne.")
    remove(eda, made.id)
    assert "noch-nicht-eingereicht" not in eda.get(HERE).text
    assert pictures(app) != []


def test_a_picture_stays_as_long_as_a_proposal_or_a_fixed_preview_shows_it(
    app: Flask, eda: SignedIn, gabi: SignedIn
) -> None:
    upload(eda, jpeg())
    (made,) = pictures(app)
    path = begin(gabi, "Mit Bild")
    save(gabi, path, body="Text", authors="Gabi")
    assert hand_in(gabi, path).status_code == 303
    form = eda.page(f"{path.replace('/drafts/', '/handed-in/')}/proposal?lang=en").form("note")
    eda.client.post(form.action, data=form.filled(note="Ein Bild", body=made.markdown))
    remove(eda, made.id)
    assert "mit-bild" in eda.get(HERE).text
    number = draft_of(app, path).proposal
    gabi.post(f"{path}/proposals/{number}/refusals", {"reason": "Nein"})
    team = begin(eda, "Vom Team")
    save(eda, team, body=made.markdown, authors="Eda")
    eda.post(f"{team}/previews", {"which": "fixed"})
    save(eda, team, body="Ohne.")
    remove(eda, made.id)
    assert "vom-team" in eda.get(HERE).text
    (link,) = within(app, lambda: Preview.open_of(draft_of(app, team).id))
    eda.post(f"{team}/previews/revocations", {"id": link.id})
    remove(eda, made.id)
    assert (pictures(app), on_disk(app)) == ([], [])


def test_an_organisation_has_so_many_pictures_and_what_was_said_of_another_is_kept(
    app: Flask, eda: SignedIn, gabi: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.desk.views.pictures.MOST_OF_ONE", 1)
    upload(eda, jpeg(10, 10))
    assert upload(gabi, jpeg(10, 10)).status_code == 303
    answer = upload(gabi, jpeg(11, 11))
    assert answer.status_code == 422
    assert "Entferne zuerst eines" in answer.text
    assert MAST in answer.text
    assert upload(gabi, jpeg(10, 10)).status_code == 303
    assert len(pictures(app)) == 2


def test_folders_without_a_row_go_after_an_hour(app: Flask, eda: SignedIn, at: Callable[[float], None]) -> None:
    upload(eda, jpeg(10, 10))
    (made,) = pictures(app)
    folder = Path(app.instance_path) / "uploads/pictures"
    for name in (f"{'0' * 20}-1x1", ".unfinished"):
        (folder / name).mkdir()
        (folder / name / "1.jpg").write_bytes(b"x")
    for one in folder.iterdir():
        os.utime(one, (clock.now().timestamp(),) * 2)

    def clear() -> list[str]:
        with app.app_context():
            clear_folders.now()
        return sorted(one.name for one in folder.iterdir())

    at(59)
    assert len(clear()) == 3
    at(61)
    assert clear() == [made.name]
    assert on_disk(app) == ["10.jpg", "10.webp"]


def test_a_removal_that_is_not_committed_leaves_the_files(app: Flask, eda: SignedIn) -> None:
    upload(eda, jpeg(10, 10))
    (made,) = pictures(app)

    def fail() -> None:
        with files.leaving(made.name):
            assert files.read(made.name, "10.jpg") is None
            raise OSError("the database is gone")

    with pytest.raises(OSError, match="gone"):
        within(app, fail)
    assert on_disk(app) == ["10.jpg", "10.webp"]


def test_a_picture_stays_as_long_as_a_draft_shows_it(app: Flask, eda: SignedIn) -> None:
    upload(eda, jpeg())
    (made,) = pictures(app)
    by = within(app, lambda: Member.of(EDA))
    assert by
    draft = within(app, lambda: Draft.begin("entwurf", f"---\ntitle: E\n---\n\n{made.markdown}\n", by=by))
    remove(eda, made.id)
    assert "entwurf" in eda.get(HERE).text
    within(app, lambda: db.session.get_one(Draft, draft.id).save("---\ntitle: E\n---\n\nOhne.\n", seen=1, by=by))
    remove(eda, made.id)
    assert pictures(app) == []


def test_a_mailbox_alone_publishes_and_removes_no_picture(app: Flask, gabi: SignedIn) -> None:
    upload(gabi, jpeg())
    (made,) = pictures(app)
    mailbox = SignedIn(app, GABI, is_proven=False)
    assert mailbox.get(HERE).status_code == 403
    assert upload(mailbox, from_a_phone()).status_code == 403
    assert remove(mailbox, made.id).status_code == 403
    assert [one.name for one in pictures(app)] == [made.name]


def test_people_of_an_organisation_whose_proof_has_lapsed_publish_no_picture(app: Flask, gabi: SignedIn) -> None:
    within(app, lambda: setattr(db.session.get_one(Member, 1).organisation, "lapsed_at", clock.now()))
    assert upload(gabi, jpeg()).status_code == 403
    assert pictures(app) == []
