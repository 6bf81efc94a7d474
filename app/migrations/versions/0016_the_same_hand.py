"""devices that are known again, at their owners' wish, and which comments they wrote"""

import sqlalchemy as sa
from alembic import op

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('comment_hand',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('secret_hash', sa.String(length=64), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_comment_hand'))
    )
    op.create_index(op.f('ix_comment_hand_used_at'), 'comment_hand', ['used_at'])
    op.create_table('comment_by_hand',
    sa.Column('comment_id', sa.Integer(), nullable=False),
    sa.Column('hand_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['comment_id'], ['comment.id'], name=op.f('fk_comment_by_hand_comment_id_comment'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['hand_id'], ['comment_hand.id'], name=op.f('fk_comment_by_hand_hand_id_comment_hand'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('comment_id', name=op.f('pk_comment_by_hand'))
    )
    op.create_index(op.f('ix_comment_by_hand_hand_id'), 'comment_by_hand', ['hand_id'])


def downgrade() -> None:
    op.drop_table('comment_by_hand')
    op.drop_table('comment_hand')
