"""a comment vouches for one hand, once; what appeared for a hand's sake is counted on the hand"""

import sqlalchemy as sa
from alembic import op

revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None

THROUGH = "FROM comment_by_hand AS b JOIN comment AS c ON c.id = b.comment_id WHERE b.hand_id = comment_hand.id AND b.is_trusted"


def upgrade() -> None:
    op.create_table('comment_hand_forgotten',
    sa.Column('comment_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['comment_id'], ['comment.id'], name=op.f('fk_comment_hand_forgotten_comment_id_comment'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('comment_id', name=op.f('pk_comment_hand_forgotten'))
    )
    op.add_column('comment_hand', sa.Column('let_through', sa.Integer(), server_default='0', nullable=False))
    op.add_column('comment_hand', sa.Column('let_at', sa.DateTime(timezone=True), nullable=True))
    # All that ever were stand for those of the last day: at most a hand waits for a day.
    op.execute(f"UPDATE comment_hand SET let_through = (SELECT count(*) {THROUGH}), let_at = (SELECT max(c.written_at) {THROUGH})")


def downgrade() -> None:
    op.drop_column('comment_hand', 'let_at')
    op.drop_column('comment_hand', 'let_through')
    op.drop_table('comment_hand_forgotten')
