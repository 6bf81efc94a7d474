"""`flask demo load`: the campaign of November 2011, in the figures that are on record."""

import re
from collections import Counter
from pathlib import Path

import pytest

from app import close_app, create_app
from app.config import Settings
from app.site.demo.comments import _shares
from tests.server import Server


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, loaded_demo: Server) -> Server:
    return loaded_demo.copied(tmp_path_factory.mktemp("loaded"))


def one(demo: Server, query: str) -> int:
    [(found,)] = demo.rows(query)
    return int(found)


def test_eight_thousand_reports_count_most_of_them_through_the_importer(demo: Server) -> None:
    assert one(demo, "SELECT counter FROM ledger_head") == 8_000
    assert one(demo, "SELECT count(*) FROM report WHERE source = 'import'") == 7_691
    known = one(demo, "SELECT count(*) FROM report WHERE source = 'import' AND place_state = 'known'")
    assert known / 7_691 > 0.98


def test_the_published_figures_of_cities_and_symptoms_are_met(demo: Server) -> None:
    cities = dict(demo.rows("SELECT place_id, count(*) FROM report WHERE source = 'import' GROUP BY place_id"))
    published = {"11000000": 1224, "02000000": 1117, "09162000": 607, "06412000": 434, "08222000": 306, "05315000": 270}
    # 13 people named Mannheim and another city in one answer; a person says which is meant
    assert {key: cities[key] for key in published} == pytest.approx(published, rel=0.05)
    slow = one(
        demo, "SELECT count(*) FROM report WHERE source = 'import' AND CAST(symptoms AS TEXT) LIKE '%data_slow%'"
    )
    assert slow == pytest.approx(4_997, rel=0.03)


def test_the_comments_are_as_many_as_there_were_and_spam_lies_in_its_folder(demo: Server) -> None:
    assert one(demo, "SELECT count(*) FROM comment") == 13_152
    assert one(demo, "SELECT count(*) FROM comment WHERE state = 'spam'") == 11_398
    under_guest_post = "post_slug = 'gastbeitrag-o2-netz' AND state = 'published'"
    assert one(demo, f"SELECT count(*) FROM comment WHERE {under_guest_post}") > 750  # noqa: S608 -- our own words
    assert one(demo, f"SELECT count(*) FROM comment WHERE {under_guest_post} AND member_id IS NOT NULL") > 50  # noqa: S608


def test_an_answer_comes_after_what_it_answers_under_the_same_post(demo: Server) -> None:
    wrong = """SELECT count(*) FROM comment c JOIN comment p ON c.parent_id = p.id
               WHERE p.written_at > c.written_at OR p.post_slug != c.post_slug OR c.thread_id IS NULL"""
    assert one(demo, wrong) == 0


def test_every_minute_is_one_of_2011(demo: Server) -> None:
    assert one(demo, "SELECT count(*) FROM ledger_entry WHERE CAST(minute AS TEXT) NOT LIKE '2011-1%'") == 0


def test_each_post_stands_in_the_ledger_at_the_minute_it_was_published(demo: Server) -> None:
    late = "minute NOT IN (SELECT publish_at FROM publication WHERE entry_seq = seq)"
    assert one(demo, f"SELECT count(*) FROM ledger_entry WHERE kind = 'published' AND {late}") == 0  # noqa: S608
    assert one(demo, "SELECT count(*) FROM ledger_entry WHERE kind = 'published'") == 10


def test_figures_were_published_in_the_nights_of_the_campaign(demo: Server) -> None:
    assert [day for (day,) in demo.rows("SELECT CAST(made_on AS TEXT) FROM figure_batch ORDER BY id")] == [
        "2011-11-24",
        "2011-11-25",
    ]
    assert one(demo, "SELECT count(*) FROM figure WHERE value % 10 != 0") == 0
    berlin = "SELECT value FROM figure WHERE until_id IS NULL AND area_id = '11000000' AND measure = "
    assert one(demo, f"{berlin}'reports'") > 1_200
    assert min(one(demo, f"{berlin}'{measure}'") for measure in ("follow-up:better", "me-too:data_slow")) >= 10


def test_eight_promises_stand_word_for_word_with_several_verdicts(demo: Server) -> None:
    assert one(demo, "SELECT count(*) FROM promise") == 8
    assert one(demo, "SELECT count(*) FROM promise WHERE translation = ''") == 0
    assert one(demo, "SELECT count(*) FROM promise_tally WHERE confirmed % 10 + contradicted % 10 != 0") == 0
    app = create_app(Settings.load(demo.environ))
    seen = {lang: app.test_client().get(f"/promises/?lang={lang}").text for lang in ("de", "en")}
    close_app(app)
    for lang, page in seen.items():
        states = re.findall(r'class="promised".*?class="verdict is-([a-z-]+)"', page, re.DOTALL)
        assert Counter(states) == {
            "overdue": 4,
            "claimed-confirmed": 1,
            "claimed-contradicted": 1,
            "claimed-mixed": 1,
            "claimed-too-few": 1,
        }, lang
        assert page.count("carrier-note has-words") == 2
        assert page.count("<del>") == 1
    assert "“In these five zones the expansion is far advanced.”" in seen["en"]


def test_everything_agrees_and_a_second_load_changes_nothing(demo: Server) -> None:
    for deed in ("demo load", "audit"):  # the first load has ended with an audit of its own
        done = demo.command(*deed.split())
        assert done.exit_code == 0, done.output
    assert done.stdout.startswith("Everything agrees: 8000 reports")


def test_the_sheet_of_2011_imported_again_brings_nothing_new(demo: Server, shared: Path) -> None:
    sheet = shared / "data" / "imports" / "google-forms" / "sheets_de_full_7691.csv"
    again = demo.command("reports", "import", str(sheet))
    assert "7691 rows read: 0 imported, 7691 here already, 0 refused." in again.stdout


def test_a_real_campaign_is_not_filled_with_the_demo(tmp_path: Path, shared: Path) -> None:
    server = Server(tmp_path)
    assert server.command("db", "upgrade").exit_code == 0
    sheet = shared / "data" / "imports" / "google-forms" / "sheets_de.csv"
    assert server.command("reports", "import", str(sheet)).exit_code == 0
    refused = server.command("demo", "load")
    assert refused.exit_code == 1
    assert "real campaign" in refused.stderr


def test_an_interrupted_load_says_how_to_begin_anew(tmp_path: Path) -> None:
    server = Server(tmp_path)
    server.instance.mkdir(parents=True)
    (server.instance / "demo.begun").touch()
    refused = server.command("demo", "load")
    assert refused.exit_code == 1
    assert f"Delete {server.instance}" in refused.stderr


def test_the_shares_of_comments_add_up() -> None:
    assert (
        sum(_shares(["gastbeitrag-o2-netz", "gastbeitrag-o2-zwischenstand", "eins", "zwei", "drei"]).values()) == 1_754
    )
