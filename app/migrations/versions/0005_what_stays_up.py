"""what stays up: versions for the page cache, rendered comments, sizes of threads, surge mode, recoveries of the ledger"""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

SIZES = """
INSERT INTO thread_size (post_slug, shown, answers, tops)
SELECT c.post_slug,
    sum(CASE WHEN c.state = 'published' THEN 1 ELSE 0 END),
    sum(CASE WHEN c.state = 'published' AND o.slug != 'team' THEN 1 ELSE 0 END),
    sum(CASE WHEN c.thread_id IS NULL THEN 1 ELSE 0 END)
FROM comment c LEFT JOIN member m ON c.member_id = m.id LEFT JOIN organisation o ON m.organisation_id = o.id
WHERE c.published_at IS NOT NULL AND (
    c.state IN ('published', 'removed')
    OR (c.state = 'spam' AND EXISTS (
        SELECT 1 FROM comment a WHERE (a.parent_id = c.id OR a.thread_id = c.id) AND a.state = 'published'))
)
GROUP BY c.post_slug
"""
UTC = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table('version',
    sa.Column('name', sa.String(length=160), nullable=False),
    sa.Column('number', sa.BigInteger(), nullable=False),
    sa.Column('hard', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_version'))
    )
    op.create_table('comment_fragment',
    sa.Column('comment_id', sa.Integer(), nullable=False),
    sa.Column('lang', sa.String(length=2), nullable=False),
    sa.Column('made_of', sa.String(length=16), nullable=False),
    sa.Column('html', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['comment_id'], ['comment.id'], name=op.f('fk_comment_fragment_comment_id_comment'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('comment_id', 'lang', name=op.f('pk_comment_fragment'))
    )
    op.create_table('thread_size',
    sa.Column('post_slug', sa.String(length=120), nullable=False),
    sa.Column('shown', sa.Integer(), nullable=False),
    sa.Column('answers', sa.Integer(), nullable=False),
    sa.Column('tops', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('post_slug', name=op.f('pk_thread_size'))
    )
    op.execute(SIZES)
    op.drop_index('ix_comment_thread', table_name='comment')
    was_public = sa.text('published_at IS NOT NULL')
    op.create_index('ix_comment_page', 'comment', ['post_slug', 'thread_id', 'id'], sqlite_where=was_public, postgresql_where=was_public)
    op.create_table('surge',
    sa.Column('id', sa.SmallInteger(), autoincrement=False, nullable=False),
    sa.Column('mode', sa.Enum('auto', 'on', 'off', name='mode', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=True),
    sa.Column('set_at', UTC, nullable=True),
    sa.Column('reason', sa.String(length=60), nullable=False),
    sa.Column('began_at', UTC, nullable=True),
    sa.Column('pressed_at', UTC, nullable=True),
    sa.CheckConstraint('id = 1', name=op.f('ck_surge_single')),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_surge_member_id_member')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_surge'))
    )
    op.execute("INSERT INTO surge (id, mode, reason) VALUES (1, 'auto', '')")
    op.create_table('ledger_recovery',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('restored_at', UTC, nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('counter', sa.Integer(), nullable=False),
    sa.Column('root', sa.LargeBinary(length=32), nullable=False),
    sa.Column('lost_size', sa.Integer(), nullable=False),
    sa.Column('lost_counter', sa.Integer(), nullable=False),
    sa.Column('lost_root', sa.LargeBinary(length=32), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ledger_recovery'))
    )


def downgrade() -> None:
    op.drop_index('ix_comment_page', table_name='comment')
    op.create_index('ix_comment_thread', 'comment', ['post_slug', 'state', 'thread_id', 'id'])
    for table in ('ledger_recovery', 'surge', 'thread_size', 'comment_fragment', 'version'):
        op.drop_table(table)
