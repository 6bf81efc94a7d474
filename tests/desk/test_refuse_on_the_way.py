"""Each step of a guest's post is refused to the wrong person, on a copied link, by GET, twice, and too late.

The table is the proof: people read it, and each cell is asked of the site (`way.py`). A cell that `WROTE` does not
name left every row of every table as it was. The other side of a step is an editor, or for an editor's step the guest.

no: not allowed · none: as if there were nothing · sign in: led there, or where a session has ended asked on a page that
keeps every value · unsound: a form of another session · no deed: 405 · asks: wants the passkey again and keeps every
value · refused: told at the form · gone: 410 · kept: 409 with every value · page: opened, nothing done · on: led on,
and told what `SAYS` says

"after" is how long a step waits for whoever may take it. Where that is fourteen days (of a session, an invitation, a
preview link) ten minutes are nothing to it by design: the walk takes that step eleven minutes later.

By design too: whoever has an invitation's link can have a code sent, to the invited mailbox alone, which opens in the
browser that asked; whoever has a preview link reads (it is a GET, what is refused there is a POST); and a second
invitation or preview link is another one, which its page shows and withdraws.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desk.way import OTHERS, TURN_BACK, Way
from tests.own_app import own_app

pytestmark = pytest.mark.sqlite("one site for all cells, made of a copy of a file")
TABLE = """
step                | after   | other guest | moderator | other side | nobody  | copied  | GET     | late    | twice
invited             | 14 days | no          | no        | no         | sign in | unsound | no deed | sign in | on
invitation accepted | 14 days | on          | on        | on         | on      | on      | page    | gone    | on
code typed          | 10 min  | refused     | refused   | refused    | refused | refused | page    | refused | on
passkey set up      | 10 min  | refused     | refused   | refused    | sign in | refused | page    | refused | refused
draft saved         | 14 days | none        | no        | none       | sign in | unsound | page    | sign in | on
preview made        | 14 days | none        | no        | none       | sign in | unsound | page    | sign in | on
preview read        | 14 days | page        | page      | page       | page    | page    | no deed | gone    | page
passkey shown       | 10 min  | refused     | refused   | refused    | sign in | refused | no deed | refused | on
handed in           | 10 min  | none        | no        | none       | sign in | unsound | no deed | asks    | on
words proposed      | 14 days | no          | no        | no         | sign in | unsound | no deed | sign in | kept
proposal accepted   | 10 min  | none        | no        | none       | sign in | unsound | no deed | asks    | on
scheduled           | 14 days | no          | no        | no         | sign in | unsound | no deed | sign in | on
taken back          | 14 days | no          | no        | no         | sign in | unsound | no deed | sign in | on
published           | 14 days | no          | no        | no         | sign in | unsound | no deed | sign in | on
revoked             | 14 days | no          | no        | no         | sign in | unsound | no deed | sign in | kept
"""
HEAD, *LINES = [[cell.strip() for cell in line.split("|")] for line in TABLE.strip().splitlines()]
ROWS = {line[0]: dict(zip(HEAD, line, strict=True)) for line in LINES}
HOW = (*OTHERS, *TURN_BACK)
LATE = {"10 min": 11.0, "14 days": 14 * 24 * 60 + 1.0}
OLD = "Diese Antwort wurde schon gesendet oder mehr als zehn Minuten sind vergangen"
WRONG = "Dieser Code ist falsch oder nicht mehr gültig. Ein neuer lässt sich anfordern."
SAYS = {
    ("invited", "twice"): "Eingeladen. Der Link, falls die Mail nicht ankommt",
    ("draft saved", "twice"): "Gespeichert.",
    ("preview made", "twice"): "Der Link ist da.",
    ("handed in", "twice"): "Der Beitrag kann jetzt nicht eingereicht werden.",
    ("words proposed", "twice"): "Der Beitrag ist nicht mehr eingereicht.",
    ("proposal accepted", "twice"): "Über diesen Vorschlag ist nicht mehr zu entscheiden.",
    ("scheduled", "twice"): "Inzwischen hat jemand etwas geändert oder entschieden.",
    ("taken back", "twice"): "Der Beitrag wartet nicht mehr auf seinen Zeitpunkt.",
    ("published", "twice"): "Inzwischen hat jemand etwas geändert oder entschieden.",
    ("revoked", "twice"): "ist nicht mehr Mitglied.",
    **{("code typed", how): WRONG for how in (*OTHERS, "copied", "late")},
    **{("passkey set up", how): OLD for how in ("other guest", "moderator", "other side", "copied", "late", "twice")},
    **{("passkey shown", how): OLD for how in ("other guest", "moderator", "other side", "copied", "late")},
    **{("preview read", how): "Entwurf, nicht veröffentlicht." for how in ("nobody", "copied", "twice")},
}
WROTE = {
    ("invited", "twice"): {"invitation", "decision", "letter"},
    ("preview made", "twice"): {"draft_preview", "decision"},
    **{("invitation accepted", how): {"code", "letter"} for how in (*OTHERS, "copied", "twice")},
}


@pytest.fixture(scope="module")
def way(empty_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Way]:
    folder = tmp_path_factory.mktemp("way")
    with own_app(folder, empty_database) as app, pytest.MonkeyPatch.context() as patch:
        walked = Way(app, patch, {step: LATE[row["after"]] for step, row in ROWS.items()})
        walked.walk()
        yield walked


@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize("step", ROWS)
def test_a_step_is_refused(way: Way, step: str, how: str) -> None:
    told = way.told[step, how]
    assert told.word == ROWS[step][how]
    assert SAYS.get((step, how), "") in told.said
    assert told.wrote == WROTE.get((step, how), set())


@pytest.mark.parametrize("step", ROWS)
def test_the_same_step_is_taken_by_whoever_may(way: Way, step: str) -> None:
    told = way.told[step, "done"]
    assert told.word == ("page" if step == "preview read" else "on")
    assert bool(told.wrote) is (step != "preview read")


def test_after_the_revocation_nothing_of_the_guest_s_opens_any_more(way: Way) -> None:
    assert way.gabi.get("/desk/drafts").location.startswith("/desk/sign-in")
    assert way.app.test_client().get(way.preview).status_code == 410
    assert way.second_link != way.link
    assert [way.app.test_client().get(link).status_code for link in (way.link, way.second_link)] == [410, 410]
