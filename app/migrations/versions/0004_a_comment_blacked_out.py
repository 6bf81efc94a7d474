"""a comment blacked out: published without what tells who somebody is"""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('comment') as batch_op:
        batch_op.add_column(sa.Column('is_redacted', sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table('comment') as batch_op:
        batch_op.alter_column('is_redacted', existing_type=sa.Boolean(), server_default=None)


def downgrade() -> None:
    """A comment that is shown blacked out would be shown whole again: such comments wait for a person."""
    op.execute("UPDATE comment SET state = 'waiting' WHERE is_redacted AND state = 'published'")
    with op.batch_alter_table('comment') as batch_op:
        batch_op.drop_column('is_redacted')
