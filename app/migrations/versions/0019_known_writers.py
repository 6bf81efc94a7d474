"""trust in a hand: which comments were published for its sake, and that a person took it away"""

import sqlalchemy as sa
from alembic import op

revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('comment_hand', sa.Column('lost_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('comment_hand', sa.Column('lost_by', sa.Integer(), nullable=True))
    op.add_column('comment_by_hand', sa.Column('is_trusted', sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    op.drop_column('comment_by_hand', 'is_trusted')
    op.drop_column('comment_hand', 'lost_by')
    op.drop_column('comment_hand', 'lost_at')
