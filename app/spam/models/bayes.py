"""Words that people's decisions have taught: how often each was in spam, and how often in what was published.

A word is known by a keyed hash. It is written out, so that the desk can explain a judgement, only once it has been in
`SHOWN_FROM` comments. Those comments may all be of one writer, so words that stood in names are never written out.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Integer, String, Update, bindparam, case, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model, UtcDateTime, db, table_of
from app.spam.models.upsert import insert_into

SHOWN_FROM = 5  # comments
NAME = "name: "  # before a word that stood in a name
AT_ONCE = 5_000  # words in one statement
KEPT_FOR = timedelta(days=90)  # since it was last taught, for what too few comments had


class Taught(NamedTuple):
    """In how many comments that were spam, and that were none."""

    spam: int
    ham: int


class Known(NamedTuple):
    """What is known of a word."""

    word: str | None
    spam: int
    ham: int


class BayesWord(Model):
    """One word of one language."""

    __tablename__ = "bayes_word"

    hash: Mapped[str] = mapped_column(String(16), primary_key=True)
    word: Mapped[str | None] = mapped_column(String(40))
    spam: Mapped[int]
    ham: Mapped[int]
    taught_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)

    @classmethod
    def learn(cls, words: Mapping[str, str], times: Mapping[str, int], taught: Taught, now: datetime) -> None:
        """So many comments more with these words, each given by its hash."""
        rows = [
            {
                "hash": hash_,
                "said": None if word.startswith(NAME) else word,
                "spam": taught.spam * times[hash_],
                "ham": taught.ham * times[hash_],
                "taught_at": now,
            }
            for hash_, word in sorted(words.items())
        ]
        if rows:
            db.session.execute(_learning(db.session.get_bind().dialect.name), rows)

    @classmethod
    def unlearn(cls, times: Mapping[str, int], taught: Taught) -> None:
        """So many comments fewer: what `learn` did is undone."""
        less = [
            {"known": hash_, "less_spam": taught.spam * count, "less_ham": taught.ham * count}
            for hash_, count in sorted(times.items())
        ]
        for start in range(0, len(less), AT_ONCE):
            some = less[start : start + AT_ONCE]
            db.session.connection().execute(_unlearning(), some)
            hashes = [row["known"] for row in some]
            db.session.execute(delete(cls).where(cls.hash.in_(hashes), cls.spam + cls.ham == 0))

    @classmethod
    def known(cls, hashes: Collection[str]) -> dict[str, Known]:
        """What is known of these words, asked on a connection of its own, so that nobody waits for it."""
        asked = select(cls.hash, cls.word, cls.spam, cls.ham).where(cls.hash.in_(hashes))
        with db.engine.connect().execution_options(only_reads=True) as connection:
            return {row.hash: Known(row.word, row.spam, row.ham) for row in connection.execute(asked)}

    @classmethod
    def forget(cls, now: datetime) -> int:
        """Delete words of too few comments that nobody taught for `KEPT_FOR`; how many."""
        old = delete(cls).where(cls.taught_at < now - KEPT_FOR, cls.spam + cls.ham < SHOWN_FROM)
        return len(db.session.execute(old.returning(cls.hash)).all())


class BayesTotal(Model):
    """How many comments of a language have taught."""

    __tablename__ = "bayes_total"

    tongue: Mapped[str] = mapped_column(String(2), primary_key=True)
    spam: Mapped[int]
    ham: Mapped[int]

    @classmethod
    def add(cls, tongue: str, spam: int, ham: int) -> None:
        """So many more, or fewer."""
        more = insert_into(cls).values(tongue=tongue, spam=max(spam, 0), ham=max(ham, 0))
        changes = {"spam": cls.spam + spam, "ham": cls.ham + ham}
        db.session.execute(more.on_conflict_do_update(index_elements=["tongue"], set_=changes))


@cache
def _unlearning() -> Update:
    """What `_learning` did, taken back; a word of too few comments is not written out any more."""
    word = table_of(BayesWord).c
    spam, ham = bindparam("less_spam", type_=Integer), bindparam("less_ham", type_=Integer)
    changes = {
        "spam": case((word.spam > spam, word.spam - spam), else_=0),
        "ham": case((word.ham > ham, word.ham - ham), else_=0),
        "word": case((word.spam + word.ham - spam - ham >= SHOWN_FROM, word.word), else_=None),
    }
    return update(table_of(BayesWord)).where(word.hash == bindparam("known")).values(changes)


@cache
def _learning(dialect: str) -> Any:  # Any: the two dialects' inserts have no type in common
    del dialect  # `insert_into` asks for it; a statement is kept for each
    row = insert_into(BayesWord).values(
        hash=bindparam("hash"),
        word=None,
        spam=bindparam("spam"),
        ham=bindparam("ham"),
        taught_at=bindparam("taught_at"),
    )
    spam, ham = BayesWord.spam + row.excluded.spam, BayesWord.ham + row.excluded.ham
    shown = case((spam + ham >= SHOWN_FROM, bindparam("said", type_=String)), else_=None)
    changes = {"spam": spam, "ham": ham, "word": shown, "taught_at": row.excluded.taught_at}
    return row.on_conflict_do_update(index_elements=["hash"], set_=changes)
