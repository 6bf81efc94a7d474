"""what was done, counted"""

import sqlalchemy as sa
from alembic import op

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None

STATES = ('waiting', 'published', 'spam', 'removed')


def upgrade() -> None:
    op.create_table('comment_gone',
    sa.Column('month', sa.String(length=7), nullable=False),
    sa.Column('state', sa.Enum(*STATES, name='state', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('is_decided', sa.Boolean(), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('month', 'state', 'is_decided', name=op.f('pk_comment_gone'))
    )
    op.create_table('transparency',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('counted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('numbers', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_transparency'))
    )


def downgrade() -> None:
    op.drop_table('transparency')
    op.drop_table('comment_gone')
