"""Each post has a file and an address of its own, and one that cannot be read keeps no other waiting."""

from pathlib import Path

import pytest
from flask import Flask

from app.drafts.jobs import restore_files
from tests.cast import SignedIn, read_posts
from tests.drafts.desk import begin, copy_of, hand_in, open_file, publish, release, save


def test_a_new_post_takes_no_file_of_another_one(app: Flask, gabi: SignedIn, eda: SignedIn, posts: Path) -> None:
    posts.mkdir(exist_ok=True)
    text = "---\ntitle: Alt\nslug: netz\ndate: 2011-11-12T20:00+01:00\n---\n\nText\n"
    (posts / "2011-11-12-netz.md").write_text(text, "utf-8")
    read_posts(app)
    own = open_file(eda, "netz")
    taken = begin(gabi, "2011-11-12 Netz")
    assert copy_of(app, taken) != copy_of(app, own)


@pytest.mark.parametrize("title", ["New", "Files", "Four eyes"])
def test_no_title_leads_to_a_page_that_is_another_one(gabi: SignedIn, title: str) -> None:
    path = begin(gabi, title)
    assert title in gabi.page(path).text


def test_one_file_that_cannot_be_read_keeps_no_other_waiting(app: Flask, eda: SignedIn) -> None:
    one, other = begin(eda, "Eins"), begin(eda, "Zwei")
    for path in (one, other):
        save(eda, path, body="Text.", authors="Eda")
        publish(eda, path)
        copy_of(app, path).unlink()
    copy_of(app, one).mkdir()
    with app.app_context():
        restore_files.now()
    assert copy_of(app, other).is_file()
    assert eda.get(one).status_code == 200


def test_nobody_translates_a_guest_post_but_its_people(app: Flask, gabi: SignedIn, eda: SignedIn) -> None:
    path = begin(gabi, "Zur Lage")
    save(gabi, path, body="Wir bauen.", authors="Gabi")
    hand_in(gabi, path)
    release(eda, path)
    own = begin(eda, "Networks")
    form = eda.page(f"{own}?as=file&lang=en").form("source")
    source = form.values["source"].replace("status: draft", "status: draft\nlang: en\ntranslation_of: zur-lage")
    eda.client.post(form.action, data=form.filled(source=source + "We build nothing.\n"))
    assert publish(eda, own).status_code == 422
