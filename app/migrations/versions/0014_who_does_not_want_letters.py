"""who does not want to be asked whether letters about answers are wanted"""

import sqlalchemy as sa
from alembic import op

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('comment_refusal',
    sa.Column('address_hash', sa.String(length=64), nullable=False),
    sa.Column('refused_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('address_hash', name=op.f('pk_comment_refusal'))
    )
    op.create_index(op.f('ix_comment_refusal_refused_at'), 'comment_refusal', ['refused_at'])


def downgrade() -> None:
    op.drop_table('comment_refusal')
