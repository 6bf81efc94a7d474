"""which passkey has opened a session, so that it ends with that one, whatever was shown later"""

import sqlalchemy as sa
from alembic import op

revision = '0033'
down_revision = '0032'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('sign_in', sa.Column('first_key_id', sa.Integer(), nullable=True))
    op.execute("UPDATE sign_in SET first_key_id = passkey_id")


def downgrade() -> None:
    op.drop_column('sign_in', 'first_key_id')
