"""what guests sign off, what both sides say about it, preview links, and what readers are told"""

import sqlalchemy as sa
from alembic import op

revision = '0029'
down_revision = '0028'
branch_labels = None
depends_on = None

UTC = sa.DateTime(timezone=True)
SAID = ('query', 'answer', 'refusal')
VALID = sa.text('voided_at IS NULL')


def upgrade() -> None:
    op.add_column('draft', sa.Column('proposal', sa.Integer(), nullable=True))
    op.add_column('draft', sa.Column('signatures', sa.Integer(), server_default=sa.text('0'), nullable=False))
    op.add_column('draft', sa.Column('wished_at', UTC, nullable=True))
    op.create_table('draft_signoff',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('draft_id', sa.Integer(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('words_hash', sa.String(length=64), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('signed_at', UTC, nullable=False),
    sa.Column('voided_at', UTC, nullable=True),
    sa.ForeignKeyConstraint(['draft_id'], ['draft.id'], name=op.f('fk_draft_signoff_draft_id_draft')),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_draft_signoff_member_id_member')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_draft_signoff'))
    )
    op.create_index('ix_draft_signoff_valid', 'draft_signoff', ['draft_id', 'member_id'], unique=True, sqlite_where=VALID, postgresql_where=VALID)
    op.create_table('draft_message',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('draft_id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum(*SAID, name='kind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('said_at', UTC, nullable=False),
    sa.ForeignKeyConstraint(['draft_id'], ['draft.id'], name=op.f('fk_draft_message_draft_id_draft')),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_draft_message_member_id_member')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_draft_message'))
    )
    op.create_index(op.f('ix_draft_message_draft_id'), 'draft_message', ['draft_id'])
    op.create_table('draft_rule',
    sa.Column('organisation_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('needs_two', sa.Boolean(), nullable=False),
    sa.Column('set_by', sa.Integer(), nullable=False),
    sa.Column('set_at', UTC, nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_draft_rule_organisation_id_organisation')),
    sa.ForeignKeyConstraint(['set_by'], ['member.id'], name=op.f('fk_draft_rule_set_by_member')),
    sa.PrimaryKeyConstraint('organisation_id', name=op.f('pk_draft_rule'))
    )
    op.create_table('draft_preview',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('draft_id', sa.Integer(), nullable=False),
    sa.Column('salt', sa.String(length=43), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=True),
    sa.Column('made_by', sa.Integer(), nullable=False),
    sa.Column('made_at', UTC, nullable=False),
    sa.Column('ends_at', UTC, nullable=False),
    sa.Column('revoked_at', UTC, nullable=True),
    sa.ForeignKeyConstraint(['draft_id'], ['draft.id'], name=op.f('fk_draft_preview_draft_id_draft')),
    sa.ForeignKeyConstraint(['made_by'], ['member.id'], name=op.f('fk_draft_preview_made_by_member')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_draft_preview')),
    sa.UniqueConstraint('salt', name=op.f('uq_draft_preview_salt')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_draft_preview_token_hash'))
    )
    op.create_index(op.f('ix_draft_preview_draft_id'), 'draft_preview', ['draft_id'])
    op.create_table('post_release',
    sa.Column('draft_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('slug', sa.String(length=100), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('words_hash', sa.String(length=64), nullable=False),
    sa.Column('signed', sa.JSON(), nullable=False),
    sa.Column('released_at', UTC, nullable=False),
    sa.ForeignKeyConstraint(['draft_id'], ['draft.id'], name=op.f('fk_post_release_draft_id_draft')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_post_release_organisation_id_organisation')),
    sa.PrimaryKeyConstraint('draft_id', name=op.f('pk_post_release')),
    sa.UniqueConstraint('slug', name=op.f('uq_post_release_slug'))
    )


def downgrade() -> None:
    for table in ('post_release', 'draft_preview', 'draft_rule', 'draft_message', 'draft_signoff'):
        op.drop_table(table)
    for column in ('wished_at', 'signatures', 'proposal'):
        op.drop_column('draft', column)
