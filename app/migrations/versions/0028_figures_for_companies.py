"""figures that a company finds prepared"""

import sqlalchemy as sa
from alembic import op

revision = '0028'
down_revision = '0027'
branch_labels = None
depends_on = None

UTC = sa.DateTime(timezone=True)
STANDS = sa.text('ended_at IS NULL')


def upgrade() -> None:
    op.create_table('figure_grant',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('places', 'symptoms', 'days', 'promises', 'handovers', name='kind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('begins_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('granted_by', sa.Integer(), nullable=False),
    sa.Column('granted_at', UTC, nullable=False),
    sa.Column('ended_at', UTC, nullable=True),
    sa.Column('ended_by', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_figure_grant_organisation_id_organisation')),
    sa.ForeignKeyConstraint(['granted_by'], ['member.id'], name=op.f('fk_figure_grant_granted_by_member')),
    sa.ForeignKeyConstraint(['ended_by'], ['member.id'], name=op.f('fk_figure_grant_ended_by_member')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_figure_grant'))
    )
    op.create_index('uq_figure_grant_standing', 'figure_grant', ['organisation_id', 'kind'], unique=True, sqlite_where=STANDS, postgresql_where=STANDS)


def downgrade() -> None:
    op.drop_table('figure_grant')
