"""A process is killed between a deed and its mark: a letter sent and not marked, a comment judged and not decided."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from app.comments.jobs import judge_again
from app.kit import tokens
from app.mail.jobs import send_letters
from tests.faults import people, processes
from tests.faults.disk import SYNCS
from tests.faults.site import Round, Site
from tests.faults.tracing import killing
from tests.server import eventually

MESSAGE_ID = re.compile(r"^Message-ID: (.+)$", re.M | re.I)
NOW_DUE = """UPDATE comment SET ask_again_at = (SELECT min(written_at) FROM comment)
    WHERE ask_again_at IS NOT NULL AND id = (SELECT max(id) FROM comment)"""  # as if it had waited longest of all
MARK = 2  # the first sync of a thread stores that it begins, the second what it has done


def letter(site: Site, rounds: int) -> Iterator[Round]:
    """The consumer is killed when a letter has left and that is not stored: it may leave twice, as one message."""
    for _ in range(rounds):
        site.is_whole()
        email = f"p{tokens.new_token().casefold()[:12]}@einzelfall.example"
        victims = processes.consumers(site)
        with killing(victims, SYNCS, site.files()[:2], site.folder / "strace", when=MARK):
            site.invite(email, "moderator")
            site.queue(send_letters)
            processes.await_end(victims)
        site.is_whole()
        site.change("UPDATE letter SET next_try_at = written_at WHERE sent_at IS NULL")  # five minutes pass
        site.queue(send_letters)
        eventually(lambda: not site.rows("SELECT 1 FROM letter WHERE sent_at IS NULL"), "all letters have left")
        yield _copies([text for text in site.letters() if f"To: {email}\n" in text])


def verdict(site: Site, rounds: int) -> Iterator[Round]:
    """A worker is killed when Akismet has answered and that is not stored: it is asked again, the comment is one."""
    for _ in range(rounds):
        site.is_whole()
        one, victims = people.comment(), processes.workers(site)
        with ThreadPoolExecutor(1) as writer:
            with killing(victims, SYNCS, site.files()[:2], site.folder / "strace", when=MARK):
                sent = writer.submit(people.send_until_told, site.port, one)
                processes.await_fall(victims)
            sent.result()
        site.books.append(one)
        faults = site.published_unseen()
        site.change(NOW_DUE)
        site.queue(judge_again)
        _await_judgement(site, one.key)
        asked = sum(each["comment_content"] == one.words for each in site.akismet.asked("comment-check"))
        faults += [f"Akismet was asked {asked} times"] if asked > 2 else []
        yield Round(1, *site.missing([one]), faults=faults)


def _copies(letters: list[str]) -> Round:
    """One message, however often it came; twice at most."""
    ids = {found.group(1) for text in letters if (found := MESSAGE_ID.search(text))}
    faults = [f"a letter came {len(letters)} times"] if len(letters) > 2 else []
    return Round(1, lost=int(not letters), doubled=max(0, len(ids) - 1), faults=faults)


def _await_judgement(site: Site, key: str) -> None:
    """Until nobody is to be asked again: it is published, or waits for a person, since all write from one address."""
    due = "SELECT ask_again_at FROM comment WHERE key_hash = ?"
    eventually(lambda: site.rows(due, tokens.digest(key)) == [(None,)], "the comment is judged again")
