"""what drawn comments were before a decision

`place` is the order of a day's draw; rows drawn earlier keep the order of their numbers.
"""

import sqlalchemy as sa
from alembic import op

revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('spam_sample', sa.Column('place', sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.add_column('spam_sample', sa.Column('before', sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column('spam_sample', 'before')
    op.drop_column('spam_sample', 'place')
