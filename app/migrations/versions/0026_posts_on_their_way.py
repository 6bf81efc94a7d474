"""posts on their way and what they said"""

import sqlalchemy as sa
from alembic import op

revision = '0026'
down_revision = '0025'
branch_labels = None
depends_on = None

UTC = sa.DateTime(timezone=True)
STATES = ('draft', 'handed-in', 'queried', 'released', 'discarded')
HOW = ('written', 'autosaved', 'restored', 'proposed', 'from-disk', 'released')


def state(values: tuple[str, ...], name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    op.create_table('draft',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=100), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=True),
    sa.Column('state', state(STATES, 'state'), nullable=False),
    sa.Column('current', sa.Integer(), nullable=False),
    sa.Column('last', sa.Integer(), nullable=False),
    sa.Column('released', sa.Integer(), nullable=True),
    sa.Column('publish_at', UTC, nullable=True),
    sa.Column('archived_at', UTC, nullable=True),
    sa.Column('file_name', sa.String(length=255), nullable=False),
    sa.Column('file_hash', sa.String(length=64), nullable=False),
    sa.Column('created_by', sa.Integer(), nullable=False),
    sa.Column('created_at', UTC, nullable=False),
    sa.Column('moved_at', UTC, nullable=False),
    sa.ForeignKeyConstraint(['created_by'], ['member.id'], name=op.f('fk_draft_created_by_member')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_draft_organisation_id_organisation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_draft')),
    sa.UniqueConstraint('slug', name=op.f('uq_draft_slug'))
    )
    op.create_index(op.f('ix_draft_organisation_id'), 'draft', ['organisation_id'])
    op.create_table('draft_revision',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('draft_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('words_hash', sa.String(length=64), nullable=False),
    sa.Column('how', state(HOW, 'how'), nullable=False),
    sa.Column('note', sa.String(length=300), nullable=False),
    sa.Column('written_by', sa.Integer(), nullable=True),
    sa.Column('written_at', UTC, nullable=False),
    sa.ForeignKeyConstraint(['draft_id'], ['draft.id'], name=op.f('fk_draft_revision_draft_id_draft')),
    sa.ForeignKeyConstraint(['written_by'], ['member.id'], name=op.f('fk_draft_revision_written_by_member')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_draft_revision')),
    sa.UniqueConstraint('draft_id', 'number', name=op.f('uq_draft_revision_draft_id'))
    )


def downgrade() -> None:
    op.drop_table('draft_revision')
    op.drop_table('draft')
