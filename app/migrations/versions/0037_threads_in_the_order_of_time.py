"""a thread is read by when its comments were written, and by their numbers only within a moment"""

import sqlalchemy as sa
from alembic import op

revision = '0037'
down_revision = '0036'
branch_labels = None
depends_on = None


def upgrade() -> None:
    _index_page('post_slug', 'thread_id', 'written_at', 'id')
    _index_answers('post_slug', 'state', 'written_at', 'id', 'thread_id', 'member_id')


def downgrade() -> None:
    _index_page('post_slug', 'thread_id', 'id')
    _index_answers('post_slug', 'state', 'id', 'thread_id', 'member_id')


def _index_page(*columns: str) -> None:
    was_public = sa.text('published_at IS NOT NULL')
    op.drop_index('ix_comment_page', table_name='comment')
    op.create_index('ix_comment_page', 'comment', columns, sqlite_where=was_public, postgresql_where=was_public)


def _index_answers(*columns: str) -> None:
    by_member = sa.text('member_id IS NOT NULL')
    op.drop_index('ix_comment_answer', table_name='comment')
    op.create_index('ix_comment_answer', 'comment', columns, sqlite_where=by_member, postgresql_where=by_member)
