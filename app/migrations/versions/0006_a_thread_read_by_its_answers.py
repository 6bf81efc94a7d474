"""a thread read by its answers: the editors' are counted, too; indexes for what is newest and what members wrote"""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

EDITORS = """
UPDATE thread_size SET editors = (
    SELECT count(*) FROM comment c JOIN member m ON c.member_id = m.id JOIN organisation o ON m.organisation_id = o.id
    WHERE c.post_slug = thread_size.post_slug AND c.state = 'published' AND c.published_at IS NOT NULL AND o.slug = 'team'
)
"""


def upgrade() -> None:
    op.add_column('thread_size', sa.Column('editors', sa.Integer(), server_default='0', nullable=False))
    op.execute(EDITORS)
    was_public, by_member = sa.text('published_at IS NOT NULL'), sa.text('member_id IS NOT NULL')
    op.create_index('ix_comment_newest', 'comment', ['post_slug', 'published_at', 'id'], sqlite_where=was_public, postgresql_where=was_public)
    op.create_index('ix_comment_answer', 'comment', ['post_slug', 'id'], sqlite_where=by_member, postgresql_where=by_member)


def downgrade() -> None:
    op.drop_index('ix_comment_answer', table_name='comment')
    op.drop_index('ix_comment_newest', table_name='comment')
    op.drop_column('thread_size', 'editors')
