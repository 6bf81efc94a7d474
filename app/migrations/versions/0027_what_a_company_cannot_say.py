"""whom a question is put to, that they cannot say, and which of their people has it"""

import sqlalchemy as sa
from alembic import op

revision = '0027'
down_revision = '0026'
branch_labels = None
depends_on = None

UTC = sa.DateTime(timezone=True)
NEW = ('unsaid_words', 'unsaid_key', 'unsaid_by', 'unsaid_at', 'organisation_id')


def upgrade() -> None:
    with op.batch_alter_table('comment_enquiry') as batch_op:
        batch_op.add_column(sa.Column('organisation_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('unsaid_at', UTC, nullable=True))
        batch_op.add_column(sa.Column('unsaid_by', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('unsaid_key', sa.String(length=31), server_default=sa.text("''"), nullable=False))
        batch_op.add_column(sa.Column('unsaid_words', sa.String(length=300), server_default=sa.text("''"), nullable=False))
        batch_op.create_foreign_key('fk_comment_enquiry_organisation_id_organisation', 'organisation', ['organisation_id'], ['id'])
        batch_op.create_foreign_key('fk_comment_enquiry_unsaid_by_member', 'member', ['unsaid_by'], ['id'])
    op.create_table('comment_assignment',
    sa.Column('comment_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('to_id', sa.Integer(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('note', sa.String(length=300), nullable=False),
    sa.Column('given_at', UTC, nullable=False),
    sa.ForeignKeyConstraint(['comment_id'], ['comment.id'], name=op.f('fk_comment_assignment_comment_id_comment'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_comment_assignment_organisation_id_organisation')),
    sa.ForeignKeyConstraint(['to_id'], ['member.id'], name=op.f('fk_comment_assignment_to_id_member')),
    sa.ForeignKeyConstraint(['by_id'], ['member.id'], name=op.f('fk_comment_assignment_by_id_member')),
    sa.PrimaryKeyConstraint('comment_id', name=op.f('pk_comment_assignment'))
    )


def downgrade() -> None:
    """That somebody cannot say is lost: such questions are as they were before."""
    op.drop_table('comment_assignment')
    with op.batch_alter_table('comment_enquiry') as batch_op:
        batch_op.drop_constraint('fk_comment_enquiry_unsaid_by_member', type_='foreignkey')
        batch_op.drop_constraint('fk_comment_enquiry_organisation_id_organisation', type_='foreignkey')
        for name in NEW:
            batch_op.drop_column(name)
