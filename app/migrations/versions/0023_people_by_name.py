"""people by name: whom an invitation is for, and what a person does in the organisation"""

import sqlalchemy as sa
from alembic import op

revision = '0023'
down_revision = '0022'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('invitation', sa.Column('first_name', sa.String(length=60), server_default='', nullable=False))
    op.add_column('invitation', sa.Column('function', sa.String(length=80), server_default='', nullable=False))
    op.add_column('member', sa.Column('function', sa.String(length=80), server_default='', nullable=False))


def downgrade() -> None:
    op.drop_column('member', 'function')
    op.drop_column('invitation', 'function')
    op.drop_column('invitation', 'first_name')
