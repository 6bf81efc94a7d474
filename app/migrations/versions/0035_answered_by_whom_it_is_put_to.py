"""questions that an answer of another organisation had closed are open again"""

import sqlalchemy as sa
from alembic import op

from app.config import campaign

revision = '0035'
down_revision = '0034'
branch_labels = None
depends_on = None

THEIRS = """
FROM comment AS answer
JOIN member ON member.id = answer.member_id
JOIN organisation ON organisation.id = member.organisation_id
WHERE answer.parent_id = comment_enquiry.comment_id AND answer.state = 'published'
AND (organisation.id = comment_enquiry.organisation_id
     OR (comment_enquiry.organisation_id IS NULL AND organisation.slug = :carrier))
"""
CLOSED = " WHERE state = 'answered' AND NOT EXISTS (SELECT 1 " + THEIRS + ")"
ITS = " IN (SELECT comment_id FROM comment_enquiry" + CLOSED + ")"
FORGET = "DELETE FROM comment_fragment WHERE comment_id" + ITS  # pages draw what they show until a job keeps it again
TELL = "UPDATE comment SET state = state WHERE id" + ITS  # what a page shows of it is known by the comment's version
OPEN = """
UPDATE comment_enquiry SET answered_at = NULL,
state = CASE WHEN organisation_id IS NULL THEN 'open' ELSE 'passed-on' END""" + CLOSED
SINCE = "UPDATE comment_enquiry SET answered_at = (SELECT min(answer.published_at) " + THEIRS + ") WHERE state = 'answered'"


def upgrade() -> None:
    carrier = {"carrier": campaign().carrier_slug}
    for one in (FORGET, TELL, OPEN, SINCE):
        op.get_bind().execute(sa.text(one), carrier)


def downgrade() -> None:
    """What is open is open for the release before, too."""
