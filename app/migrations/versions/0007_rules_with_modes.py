"""rules with modes: the mode of a rule that somebody has set, what the rules heard of a comment"""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('rule_mode',
    sa.Column('rule', sa.String(length=40), nullable=False),
    sa.Column('mode', sa.Enum('off', 'observe', 'enforce', name='mode', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('set_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('rule', name=op.f('pk_rule_mode'))
    )
    op.add_column('comment', sa.Column('heard', sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column('comment', 'heard')
    op.drop_table('rule_mode')
