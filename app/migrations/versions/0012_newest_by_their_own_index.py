"""what is newest, and what members wrote, have indexes that are no bait for the pages of a thread"""

import sqlalchemy as sa
from alembic import op

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index('ix_comment_newest', table_name='comment')
    published = sa.text("state = 'published'")
    op.create_index('ix_comment_newest', 'comment', ['post_slug', 'published_at', 'id'], sqlite_where=published, postgresql_where=published)
    _index_answers('post_slug', 'state', 'id', 'thread_id', 'member_id')


def downgrade() -> None:
    op.drop_index('ix_comment_newest', table_name='comment')
    was_public = sa.text('published_at IS NOT NULL')
    op.create_index('ix_comment_newest', 'comment', ['post_slug', 'published_at', 'id'], sqlite_where=was_public, postgresql_where=was_public)
    _index_answers('post_slug', 'id')


def _index_answers(*columns: str) -> None:
    by_member = sa.text('member_id IS NOT NULL')
    op.drop_index('ix_comment_answer', table_name='comment')
    op.create_index('ix_comment_answer', 'comment', columns, sqlite_where=by_member, postgresql_where=by_member)
