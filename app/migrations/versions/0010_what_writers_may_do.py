"""what writers may do with their comments: private links, edits, withdrawals, erasures, appeals"""

import sqlalchemy as sa
from alembic import op

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None

UTC = sa.DateTime(timezone=True)
TAKEN_BACK = "CONSTRAINT ck_comment_taken_back CHECK (taken_back IN ('withdrawn', 'erased'))"


def upgrade() -> None:
    op.add_column('comment', sa.Column('link_hash', sa.String(length=64), nullable=True))
    op.add_column('comment', sa.Column('edits', sa.Integer(), nullable=False, server_default='0'))
    op.add_column('comment', sa.Column('edited_at', UTC, nullable=True))
    # written out: SQLite takes a check with a new column, and would copy the table for one that comes after it
    op.execute(f"ALTER TABLE comment ADD COLUMN taken_back VARCHAR(32) {TAKEN_BACK}")
    op.create_index('ix_comment_link_hash', 'comment', ['link_hash'], unique=True)
    op.create_table('comment_withdrawal',
    sa.Column('comment_id', sa.Integer(), nullable=False),
    sa.Column('was', sa.Enum('waiting', 'published', 'spam', 'removed', name='was', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('withdrawn_at', UTC, nullable=False),
    sa.ForeignKeyConstraint(['comment_id'], ['comment.id'], name=op.f('fk_comment_withdrawal_comment_id_comment')),
    sa.PrimaryKeyConstraint('comment_id', name=op.f('pk_comment_withdrawal'))
    )
    op.create_table('comment_revision',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('comment_id', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('place', sa.Enum('waiting', 'replaced', 'refused', 'dropped', name='place', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('written_at', UTC, nullable=False),
    sa.Column('ended_at', UTC, nullable=True),
    sa.Column('reasons', sa.JSON(), nullable=False),
    sa.Column('alert', sa.String(length=300), nullable=False),
    sa.ForeignKeyConstraint(['comment_id'], ['comment.id'], name=op.f('fk_comment_revision_comment_id_comment')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_comment_revision'))
    )
    op.create_index('ix_comment_revision_comment_id', 'comment_revision', ['comment_id'])
    waits = sa.text("place = 'waiting'")
    op.create_index('ix_comment_revision_waiting', 'comment_revision', ['comment_id'], unique=True, sqlite_where=waits, postgresql_where=waits)
    op.create_table('comment_appeal',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('comment_id', sa.Integer(), nullable=False),
    sa.Column('decision_id', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('state', sa.Enum('open', 'granted', 'rejected', name='state', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('lodged_at', UTC, nullable=False),
    sa.Column('decided_at', UTC, nullable=True),
    sa.Column('member_id', sa.Integer(), nullable=True),
    sa.Column('answer', sa.String(length=300), nullable=False),
    sa.ForeignKeyConstraint(['comment_id'], ['comment.id'], name=op.f('fk_comment_appeal_comment_id_comment')),
    sa.ForeignKeyConstraint(['decision_id'], ['decision.id'], name=op.f('fk_comment_appeal_decision_id_decision')),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_comment_appeal_member_id_member')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_comment_appeal'))
    )
    op.create_index('ix_comment_appeal_comment_id', 'comment_appeal', ['comment_id'])
    op.create_index('ix_comment_appeal_decision_id', 'comment_appeal', ['decision_id'], unique=True)
    is_open = sa.text("state = 'open'")
    op.create_index('ix_comment_appeal_open', 'comment_appeal', ['id'], sqlite_where=is_open, postgresql_where=is_open)


def downgrade() -> None:
    """Comments that were taken back stay removed; what waited to replace words of one is lost."""
    for table in ('comment_appeal', 'comment_revision', 'comment_withdrawal'):
        op.drop_table(table)
    op.drop_index('ix_comment_link_hash', table_name='comment')
    for column in ('taken_back', 'edited_at', 'edits', 'link_hash'):
        op.execute(f"ALTER TABLE comment DROP COLUMN {column}")
