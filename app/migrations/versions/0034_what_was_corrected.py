"""what readers read of a guest's post until it was corrected"""

import sqlalchemy as sa
from alembic import op

revision = '0034'
down_revision = '0033'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('earlier_release',
    sa.Column('draft_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('words_hash', sa.String(length=64), nullable=False),
    sa.Column('signed', sa.JSON(), nullable=False),
    sa.Column('signed_by', sa.JSON(), nullable=True),
    sa.Column('released_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['draft_id'], ['draft.id'], name=op.f('fk_earlier_release_draft_id_draft')),
    sa.PrimaryKeyConstraint('draft_id', 'number', name=op.f('pk_earlier_release'))
    )


def downgrade() -> None:
    op.drop_table('earlier_release')
