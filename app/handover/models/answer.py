"""What the recipient answered to a handover; a later answer stands below the earlier one, none is changed."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model, UtcDateTime


class HandoverAnswer(Model):
    """One answer, by a verified guest of the recipient, or entered by an editor with its source."""

    __tablename__ = "handover_answer"

    id: Mapped[int] = mapped_column(primary_key=True)
    handover_id: Mapped[int] = mapped_column(ForeignKey("handover.id"), index=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    text: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(String(300), default="")
    answered_at: Mapped[datetime] = mapped_column(UtcDateTime)
