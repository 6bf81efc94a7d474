"""What public answers are made of, and how often it has changed."""

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model


class Version(Model):
    """How often one thing that public answers are made of has changed; it changes in the writer's own transaction."""

    __tablename__ = "version"

    name: Mapped[str] = mapped_column(String(160), primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger)  # of changes
    hard: Mapped[int] = mapped_column(BigInteger)  # of changes after which nothing older may be shown, like a removal
