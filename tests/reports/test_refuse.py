"""A report that cannot be taken: nothing typed is lost, each fault is named where it is."""

import io
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.reports.models.report import rows
from tests.page import Page, Pages
from tests.reports.telling import JSON, LENA, URL, said, with_key

FAULTS: dict[str, dict[str, Any]] = {
    "symptoms": {"symptoms": []},
    "place": {"place": "  "},
    "district": {"district": "d" * 121},
    "since": {"since": "s" * 81},
    "hotline": {"hotline": "h" * 301},
    "device": {"device": "d" * 121},
    "text": {"text": "t" * 2001},
}


@pytest.mark.parametrize("field", FAULTS)
def test_each_fault_is_named_at_its_field(pages: Pages, field: str) -> None:
    page = pages.read(pages.client.post(URL, data=with_key(**FAULTS[field])), URL, 422)
    assert page.title.startswith("Fehler:")
    marked = [e for e in page.root.all() if e.get("aria-invalid") == "true"]
    assert [e.get("id") for e in marked] == [f"report-{field}"]
    assert page.by_id(f"report-{field}-fault").text
    assert f"report-{field}-fault" in marked[0].get("aria-describedby")
    assert f"#report-{field}" in page.links.values(), "the summary leads to the field"


@pytest.mark.parametrize("field", FAULTS)
def test_nothing_typed_is_lost(pages: Pages, field: str) -> None:
    sent = with_key(**FAULTS[field])
    page = pages.read(pages.client.post(URL, data=sent), URL, 422)
    _assert_kept(page, sent)


def test_the_refused_form_keeps_its_key(pages: Pages) -> None:
    page = pages.read(pages.client.post(URL, data=with_key("a-key-of-its-own", place="")), URL, 422)
    form = page.form("reports")
    assert form.values["key"] == "a-key-of-its-own"
    assert pages.post(form, place="Köln").status_code == 303


@pytest.mark.parametrize("key", ["short", "with spaces in it", "ümlaute-im-schlüssel", "x" * 101])
def test_a_key_that_cannot_be_used_is_replaced(pages: Pages, app: Flask, key: str) -> None:
    page = pages.read(pages.client.post(URL, data=LENA | {"key": key}), URL, 422)
    form = page.form("reports")
    assert form.values["key"] != key
    assert pages.post(form).status_code == 303
    with app.app_context():
        assert rows() == 1


def test_symptoms_that_nobody_offered_are_refused(pages: Pages, app: Flask) -> None:
    page = pages.read(pages.client.post(URL, data=with_key(symptoms=["no_data", "bad_mood"])), URL, 422)
    assert page.by_id("report-symptoms-fault").text
    with app.app_context():
        assert rows() == 0


def test_english_readers_are_told_in_english(pages: Pages) -> None:
    page = pages.read(pages.client.post(f"{URL}?lang=en", data=with_key(place="")), URL, 422)
    assert (page.lang, page.title[:6]) == ("en", "Error:")
    assert "Please say in which town." in page.text
    assert page.form("reports").action.endswith("lang=en")


def test_an_empty_body_is_a_form_with_faults(pages: Pages) -> None:
    pages.read(pages.client.post(URL), URL, 422)


def test_a_script_gets_the_faults_as_json(client: FlaskClient) -> None:
    answer = client.post(URL, data=with_key(place="", text="t" * 2001), headers=JSON)
    assert answer.status_code == 422
    assert sorted(said(answer)["errors"]) == ["place", "text"]


@pytest.mark.parametrize(
    "body",
    ["[" * 60_000, "[1, 2]", "null", '{"place": 5, "symptoms": {"a": 1}}', '{"text": "\\ud800"}', "no json"],
    ids=["deep", "list", "null", "types", "surrogate", "broken"],
)
def test_a_body_that_is_no_form_is_refused(client: FlaskClient, body: str) -> None:
    assert client.post(URL, data=body, content_type="application/json").status_code == 422


def test_a_file_under_a_field_s_name_is_no_text(client: FlaskClient) -> None:
    data = {"place": (io.BytesIO(b"Hamburg"), "place.txt"), "text": (io.BytesIO(b"x"), "x.txt"), "symptoms": "no_data"}
    assert client.post(URL, data=data, content_type="multipart/form-data").status_code == 422


def test_many_brackets_are_just_words_or_too_many(client: FlaskClient) -> None:
    assert client.post(URL, data=with_key(text="[" * 2000)).status_code == 303
    assert client.post(URL, data=with_key(text="[" * 200_000)).status_code == 413


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_a_body_over_64_kilobytes_gets_a_calm_page(pages: Pages, kind: str) -> None:
    answer = pages.client.post(URL, data=with_key(text="x" * 70_000), content_type=kind)
    page = pages.read(answer, URL, 413)
    assert page.heading == "Das war zu viel auf einmal"


@pytest.mark.parametrize(("size", "status"), [(1_000, 303), (70_000, 413)])
def test_a_body_that_comes_in_chunks_is_measured_too(client: FlaskClient, size: int, status: int) -> None:
    body = b"key=a-key-of-its-own&symptoms=no_data&place=Berlin&unknown=" + b"x" * size + b"&text=The+end"
    answer = client.post(
        URL,
        input_stream=io.BytesIO(body),
        content_type="application/x-www-form-urlencoded",
        headers={"Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input_terminated": True},
    )
    assert answer.status_code == status


def test_too_many_fields_are_refused(client: FlaskClient) -> None:
    data = {f"field{number}": "x" for number in range(300)}
    assert client.post(URL, data=data, content_type="multipart/form-data").status_code == 413


def _assert_kept(page: Page, sent: dict[str, object]) -> None:
    form = page.form("reports")
    for name in ("place", "district", "since", "hotline", "device", "text"):
        assert form.values[name] == str(sent[name]).strip(), name
    assert form.lists.get("symptoms", []) == sent["symptoms"]
