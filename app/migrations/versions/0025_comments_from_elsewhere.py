"""comments that were brought in from elsewhere are known for good"""

import sqlalchemy as sa
from alembic import op

revision = '0025'
down_revision = '0024'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('comment_imported',
    sa.Column('key_hash', sa.String(length=64), nullable=False),
    sa.Column('imported_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('key_hash', name=op.f('pk_comment_imported'))
    )


def downgrade() -> None:
    op.drop_table('comment_imported')
