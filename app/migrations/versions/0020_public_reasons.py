"""public reasons"""

import sqlalchemy as sa
from alembic import op

revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None

COLUMNS = (('comment', 'removed_key'), ('comment_bulk', 'reason_key'), ('comment_bulk_item', 'removed_key'))


def upgrade() -> None:
    for table, name in COLUMNS:
        op.add_column(table, sa.Column(name, sa.String(length=31), server_default=sa.text("''"), nullable=False))


def downgrade() -> None:
    for table, name in COLUMNS:
        op.drop_column(table, name)
