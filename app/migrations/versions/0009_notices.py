"""notices: what somebody objects to about a comment, and what became of it"""

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None

UTC = sa.DateTime(timezone=True)
GROUNDS = ('privacy', 'defamation', 'hate', 'copyright', 'impersonation', 'illegal', 'rules')
STATES = ('open', 'asked', 'decided')
OUTCOMES = ('kept', 'removed', 'blacked-out', 'gone')


def upgrade() -> None:
    op.create_table('notice',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code_hash', sa.String(length=64), nullable=False),
    sa.Column('comment_id', sa.Integer(), nullable=False),
    sa.Column('ground', sa.Enum(*GROUNDS, name='ground', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('passage', sa.Text(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('lang', sa.String(length=2), nullable=False),
    sa.Column('state', sa.Enum(*STATES, name='state', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('received_at', UTC, nullable=False),
    sa.Column('question', sa.Text(), nullable=False),
    sa.Column('asked_at', UTC, nullable=True),
    sa.Column('answer_until', UTC, nullable=True),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('answered_at', UTC, nullable=True),
    sa.Column('outcome', sa.Enum(*OUTCOMES, name='outcome', native_enum=False, create_constraint=True, length=32), nullable=True),
    sa.Column('statement', sa.Text(), nullable=False),
    sa.Column('rule', sa.String(length=200), nullable=False),
    sa.Column('was_state', sa.String(length=20), nullable=False),
    sa.Column('was_redacted', sa.Boolean(), nullable=False),
    sa.Column('decided_by', sa.Integer(), nullable=True),
    sa.Column('decided_at', UTC, nullable=True),
    sa.Column('told_at', UTC, nullable=True),
    sa.ForeignKeyConstraint(['comment_id'], ['comment.id'], name=op.f('fk_notice_comment_id_comment'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['decided_by'], ['member.id'], name=op.f('fk_notice_decided_by_member')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notice')),
    sa.UniqueConstraint('code_hash', name=op.f('uq_notice_code_hash'))
    )
    op.create_index(op.f('ix_notice_comment_id'), 'notice', ['comment_id'])
    op.create_index('ix_notice_state', 'notice', ['state', 'id'])


def downgrade() -> None:
    op.drop_table('notice')
