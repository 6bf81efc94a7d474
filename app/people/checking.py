"""Looking whether what an organisation has published is still there. No transaction is open meanwhile."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import structlog
from flask import current_app

from app.extensions import db
from app.kit.outside import Fault, Missing, Outside, Unanswered, Unreachable
from app.people.models.proof import LABEL, PATH, Method, Proof, ProofState

OUTSIDE = "outside"  # under which an app keeps how it reaches the outside
CONTROL = {Method.FILE: Outside.reaches_pages, Method.DNS: Outside.finds_texts}  # the same way to what surely exists
log = structlog.get_logger()


class Doubted(Unreachable):
    """From here not even what surely exists is found in the same way: nothing that is not found counts."""


class Asked(NamedTuple):
    """What is looked for, without a row that would want a transaction."""

    id: int
    method: Method
    domain: str
    words: str
    is_missing: bool  # surely, at an earlier look: once its grace is over silence ends it


Answers = dict[Asked, Unanswered | None]


def the_outside() -> Outside:
    found: Outside = current_app.extensions[OUTSIDE]
    return found


def check(proofs: Sequence[Proof], outside: Outside) -> None:
    """Look for each, and note what came of it. Commits, before and after."""
    asked = [_asked(one) for one in proofs if one.method != Method.CALL]
    old_calls = [one.id for one in proofs if one.method == Method.CALL]
    db.session.commit()
    answers = _doubted({one: _looked(one, outside) for one in asked}, outside)
    for one, fault in answers.items():
        _note(one.id, fault, one.words)
    for id_ in old_calls:
        _note(id_, Missing(Fault.NO_NAME))


def check_due(outside: Outside) -> int:
    """Look for those whose turn it is; how many."""
    proofs = Proof.due()
    check(proofs, outside)
    return len(proofs)


def _asked(one: Proof) -> Asked:
    return Asked(one.id, one.method, one.domain, one.words, one.state == ProofState.FAILING)


def _looked(asked: Asked, outside: Outside) -> Unanswered | None:
    """What is wrong; nothing when it is there."""
    try:
        if asked.method == Method.FILE:
            found = [line.strip() for line in outside.read(asked.domain, PATH).splitlines()]
        else:
            found = [text.strip() for text in outside.texts(f"{LABEL}.{asked.domain}")]
    except Unanswered as fault:
        return fault
    except Exception:  # whatever a stranger's answer makes of us, the others are looked for
        log.exception("proof_not_checked", proof=asked.id)
        return Unreachable(Fault.AWAY, asked.domain)
    return None if asked.words in found else Missing(Fault.OTHER_WORDS)


def _doubted(answers: Answers, outside: Outside) -> Answers:
    """The answers; where all that was heard could be our own network's fault, that is looked at in the same way."""
    judged: Answers = {}
    for method, control in CONTROL.items():
        mine = {one: fault for one, fault in answers.items() if one.method == method}
        if _could_be_ours(mine) and not _holds(control, outside):
            log.warning("proofs_not_checked", proofs=len(mine), method=method.value)
            mine = {one: Doubted(fault.fault) if fault else None for one, fault in mine.items()}
        judged |= mine
    return judged


def _could_be_ours(answers: Answers) -> bool:
    """Whether something would count against somebody, and nobody has said what only they can say."""
    if any(fault is None or fault.is_their_own for fault in answers.values()):
        return False
    return any(one.is_missing or isinstance(fault, Missing) for one, fault in answers.items())


def _holds(control: Callable[[Outside], bool], outside: Outside) -> bool:
    try:
        return control(outside)
    except Exception:  # a network that fails like this is one that nothing is believed of
        log.exception("control_failed")
        return False


def _note(id_: int, fault: Unanswered | None, words: str | None = None) -> None:
    proof = Proof.take(id_)
    if proof is None or proof.state == ProofState.ENDED or words not in {None, proof.words}:
        db.session.rollback()
        return  # ended meanwhile, or other words are asked for
    if fault is None:
        proof.found()
    elif isinstance(fault, Missing):
        proof.missed(fault.fault if proof.domain else None)
    else:
        proof.unreached(fault.fault, is_ours=isinstance(fault, Doubted))
    log.info("proof_checked", proof=id_, state=proof.state.value, fault=str(fault) if fault else "")
    db.session.commit()
