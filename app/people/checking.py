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
    answers = _doubted({one.id: (one.domain, _looked(one, outside)) for one in asked})
    for id_, fault in answers.items():
        _note(id_, fault)
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


def _doubted(answers: dict[int, tuple[str, Unanswered | None]]) -> dict[int, Unanswered | None]:
    """The answers; where none of several domains has given one that only it can give, our own network is in doubt."""
    faults = [fault for _domain, fault in answers.values()]
    is_our_own = len({domain for domain, _fault in answers.values()}) > 1 and all(
        isinstance(fault, Unreachable) or (fault is not None and fault.fault in UNSURE) for fault in faults
    )
    if is_our_own:
        log.warning("proofs_not_checked", proofs=len(answers))
        return {id_: Unreachable(fault.fault) if fault else None for id_, (_domain, fault) in answers.items()}
    return {id_: fault for id_, (_domain, fault) in answers.items()}


def _note(id_: int, fault: Unanswered | None) -> None:
    proof = Proof.take(id_)
    if proof is None or proof.state == ProofState.ENDED:
        return  # ended meanwhile
    if fault is None:
        proof.found()
    elif isinstance(fault, Missing):
        proof.missed(fault.fault if proof.domain else None)
    else:
        proof.unreached(fault.fault)
    log.info("proof_checked", proof=id_, state=proof.state.value, fault=str(fault) if fault else "")
    db.session.commit()
