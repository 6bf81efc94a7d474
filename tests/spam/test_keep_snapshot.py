import json

import pytest

from app.spam.submission import Submission
from tests.spam.cast import LENA, write


@pytest.mark.parametrize(
    "submission",
    [
        LENA,
        write(
            kind="reply",
            email=None,
            parent_text="Und bei Dir?",
            protected_names=("O2", "Jens · O2"),
            repeats=3,
        ),
        write("»ß« \u202e \ud800 \x00", post_modified_at=None, form_age_seconds=None, recheck_reason="edit"),
    ],
)
def test_a_snapshot_comes_back_from_json_as_the_same_submission(submission: Submission) -> None:
    assert Submission.from_snapshot(json.loads(json.dumps(submission.to_snapshot()))) == submission


def test_a_snapshot_of_another_release_can_still_be_read() -> None:
    snapshot = LENA.to_snapshot() | {"mood": "angry"}
    del snapshot["context"]
    assert Submission.from_snapshot(snapshot) == write(context=())
