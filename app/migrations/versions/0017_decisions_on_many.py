"""decisions on many comments at once, and what the comments were before"""

import sqlalchemy as sa
from alembic import op

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None

UTC = sa.DateTime(timezone=True)
STATES = ('waiting', 'published', 'spam', 'removed')
STAGES = ('running', 'done', 'undoing', 'undone')
FATES = ('pending', 'done', 'left', 'held', 'undone', 'kept')
OPEN = sa.text("stage IN ('running', 'undoing')")
OPEN_SPAM = sa.text("state = 'spam' AND is_decided = false")


def state(values: tuple[str, ...], name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    op.add_column('comment', sa.Column('bulk_id', sa.Integer(), nullable=True))
    op.add_column('decision', sa.Column('bulk_id', sa.Integer(), nullable=True))
    op.create_index('ix_comment_open_spam', 'comment', ['id'], sqlite_where=OPEN_SPAM, postgresql_where=OPEN_SPAM)
    op.create_table('comment_bulk',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key_hash', sa.String(length=64), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('was', state(STATES, 'was'), nullable=False),
    sa.Column('goes_to', state(STATES, 'goes_to'), nullable=False),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('cluster', sa.String(length=16), nullable=False),
    sa.Column('stage', state(STAGES, 'stage'), nullable=False),
    sa.Column('promised', sa.Integer(), nullable=False),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('held', sa.Integer(), nullable=False),
    sa.Column('undone', sa.Integer(), nullable=False),
    sa.Column('made_at', UTC, nullable=False),
    sa.Column('done_at', UTC, nullable=True),
    sa.Column('undone_at', UTC, nullable=True),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_comment_bulk_member_id_member')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_comment_bulk')),
    sa.UniqueConstraint('key_hash', name=op.f('uq_comment_bulk_key_hash'))
    )
    op.create_index(op.f('ix_comment_bulk_made_at'), 'comment_bulk', ['made_at'])
    op.create_index('ix_comment_bulk_open', 'comment_bulk', ['id'], sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_table('comment_bulk_item',
    sa.Column('bulk_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('comment_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('edits', sa.Integer(), nullable=False),
    sa.Column('fate', state(FATES, 'fate'), nullable=False),
    sa.Column('was_decided', sa.Boolean(), nullable=True),
    sa.Column('removed_because', sa.String(length=300), nullable=True),
    sa.Column('lesson', sa.String(length=8), nullable=True),
    sa.Column('ask_again_at', UTC, nullable=True),
    sa.Column('before_id', sa.Integer(), nullable=True),
    sa.Column('feedback', state(('spam', 'ham'), 'feedback'), nullable=True),
    sa.Column('feedback_at', UTC, nullable=True),
    sa.ForeignKeyConstraint(['bulk_id'], ['comment_bulk.id'], name=op.f('fk_comment_bulk_item_bulk_id_comment_bulk')),
    sa.ForeignKeyConstraint(['comment_id'], ['comment.id'], name=op.f('fk_comment_bulk_item_comment_id_comment'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('bulk_id', 'comment_id', name=op.f('pk_comment_bulk_item'))
    )
    op.create_index(op.f('ix_comment_bulk_item_comment_id'), 'comment_bulk_item', ['comment_id'])
    op.create_index('ix_comment_bulk_item_fate', 'comment_bulk_item', ['bulk_id', 'fate', 'comment_id'])


def downgrade() -> None:
    op.drop_table('comment_bulk_item')
    op.drop_table('comment_bulk')
    op.drop_index('ix_comment_open_spam', table_name='comment')
    op.drop_column('decision', 'bulk_id')
    op.drop_column('comment', 'bulk_id')
