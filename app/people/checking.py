"""Looking whether what an organisation has published is still there. No transaction is open meanwhile."""

from collections.abc import Sequence
from typing import NamedTuple

import structlog
from flask import current_app

from app.extensions import db
from app.kit.outside import Fault, Missing, Outside, Unanswered, Unreachable
from app.people.models.proof import LABEL, PATH, Method, Proof, ProofState

OUTSIDE = "outside"  # under which an app keeps how it reaches the outside
UNSURE = frozenset({Fault.NO_NAME, Fault.PRIVATE})  # what a broken resolver of our own says of every name


class Doubted(Unreachable):
    """Our own resolver does not even find what surely exists: nothing it says counts."""


log = structlog.get_logger()


class Asked(NamedTuple):
    """What is looked for, without a row that would want a transaction."""

    id: int
    method: Method
    domain: str
    words: str


def the_outside() -> Outside:
    found: Outside = current_app.extensions[OUTSIDE]
    return found


def check(proofs: Sequence[Proof], outside: Outside) -> None:
    """Look for each, and note what came of it. Commits, before and after."""
    asked = [Asked(one.id, one.method, one.domain, one.words) for one in proofs if one.method != Method.CALL]
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


def _doubted(answers: dict[Asked, Unanswered | None], outside: Outside) -> dict[Asked, Unanswered | None]:
    """The answers; where nobody has given one that only they can give, our own network is asked about, too."""
    if not answers or any(map(_is_their_own, answers.values())) or _knows_the_world(outside):
        return answers
    log.warning("proofs_not_checked", proofs=len(answers))
    return {one: Doubted(fault.fault) if fault else None for one, fault in answers.items()}


def _knows_the_world(outside: Outside) -> bool:
    try:
        return outside.knows_the_world()
    except Exception:  # a resolver that fails like this is one that nothing is believed of
        log.exception("resolver_failed")
        return False


def _is_their_own(fault: Unanswered | None) -> bool:
    return fault is None or (isinstance(fault, Missing) and fault.fault not in UNSURE)


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
