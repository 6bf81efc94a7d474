"""What makes a talk of the demo's comments: questions to the carrier, what editors say, what was found helpful."""

import random
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert

from app.comments.models import Enquiry, Helpful, Mark, Standing, State
from app.extensions import db

if TYPE_CHECKING:
    from app.site.demo.comments import Draft

EDITOR = "Nele"
EDITORS_SAY = {"gastbeitrag-o2-netz": 61, "gastbeitrag-o2-zwischenstand": 9}
SAYINGS = (
    "Danke! Damit es zählt: Gib Deine Meldung bitte über das Formular ab, 30 Sekunden, ohne Namen.",
    "Das haben wir O2 gefragt. Sobald eine Antwort da ist, steht sie hier.",
    "Aus Deiner Gegend sind seit gestern mehrere Meldungen gekommen; unter „Orte“ stehen alle.",
    "Bitte nennt hier keine Angestellten beim Namen. Alles andere bleibt stehen.",
    "Rechtsberatung können wir nicht geben; die Verbraucherzentrale kann es.",
    "Deine Frage steht jetzt bei den offenen Fragen an O2.",
)
DECLINED = "Die Frage wurde weiter oben schon beantwortet."
HELPFUL, MOST_MARKS = 160, 40  # comments that somebody found helpful, and devices that did


def let_editors_speak(drafts: Sequence["Draft"]) -> None:
    """Under the guest posts, in the place of answers that nobody answered."""
    rng, answered = _dice(61), {id(draft.parent) for draft in drafts}
    for slug, count in EDITORS_SAY.items():
        free = [
            draft
            for draft in drafts
            if draft.post == slug and draft.parent and not draft.staff and id(draft) not in answered
        ]
        for draft in rng.sample(free, count):
            draft.name = draft.staff = EDITOR
            draft.text, draft.is_question = rng.choice(SAYINGS), False


def ask(drafts: Sequence["Draft"], answered: dict[int, "Draft"]) -> None:
    """Keep which of them are questions, and what became of them; `answered` are first official answers by question."""
    rows = [_asked(draft, answered.get(draft.id)) for draft in drafts if draft.is_question]
    if rows:
        db.session.execute(insert(Enquiry), rows)


def _asked(draft: "Draft", answer: "Draft | None") -> dict[str, Any]:  # Any: values of columns
    chance = _dice(draft.id).random()
    state = Standing.DECLINED if chance < 0.04 else Standing.PASSED_ON if chance < 0.3 else Standing.OPEN
    state = Standing.ANSWERED if answer else state
    return {
        "comment_id": draft.id,
        "post_slug": draft.post,
        "state": state,
        "asked_at": draft.at,
        "answered_at": answer.at if answer else None,
        "reason": DECLINED if state is Standing.DECLINED else "",
    }


def find_helpful(drafts: Sequence["Draft"]) -> None:
    """Marks of devices, and how many each comment has."""
    rng = _dice(1)
    public = [draft for draft in drafts if draft.state is State.PUBLISHED]
    found = [(draft, min(MOST_MARKS, 1 + int(rng.expovariate(0.2)))) for draft in rng.sample(public, HELPFUL)]
    devices = [(draft.id, f"{rng.getrandbits(128):032x}") for draft, count in found for _ in range(count)]
    db.session.execute(insert(Mark), [{"comment_id": id_, "device": device} for id_, device in devices])
    rows = [{"comment_id": draft.id, "post_slug": draft.post, "marks": count} for draft, count in found]
    db.session.execute(insert(Helpful), rows)


def _dice(seed: int) -> random.Random:
    """Of their own, so that what else the demo tells stays what it was."""
    return random.Random(seed)  # noqa: S311 -- nothing here is a secret
