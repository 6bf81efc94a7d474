"""what readers ask: comments that are questions to the carrier, what they found helpful, the language of a comment"""

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None

UTC = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column('comment', sa.Column('lang', sa.String(length=2), server_default=sa.text("''"), nullable=False))
    op.create_table('comment_enquiry',
    sa.Column('comment_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('post_slug', sa.String(length=120), nullable=False),
    sa.Column('state', sa.Enum('open', 'passed-on', 'answered', 'declined', name='state', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=True),
    sa.Column('asked_at', UTC, nullable=False),
    sa.Column('answered_at', UTC, nullable=True),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.ForeignKeyConstraint(['comment_id'], ['comment.id'], name=op.f('fk_comment_enquiry_comment_id_comment'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_comment_enquiry_member_id_member')),
    sa.PrimaryKeyConstraint('comment_id', name=op.f('pk_comment_enquiry'))
    )
    op.create_index('ix_comment_enquiry_post', 'comment_enquiry', ['post_slug', 'state', 'comment_id'])
    op.create_table('helpful_mark',
    sa.Column('comment_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('device', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['comment_id'], ['comment.id'], name=op.f('fk_helpful_mark_comment_id_comment'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('comment_id', 'device', name=op.f('pk_helpful_mark'))
    )
    op.create_table('comment_helpful',
    sa.Column('comment_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('post_slug', sa.String(length=120), nullable=False),
    sa.Column('marks', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['comment_id'], ['comment.id'], name=op.f('fk_comment_helpful_comment_id_comment'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('comment_id', name=op.f('pk_comment_helpful'))
    )
    op.create_index('ix_comment_helpful_post', 'comment_helpful', ['post_slug', 'marks', 'comment_id'])


def downgrade() -> None:
    for table in ('comment_helpful', 'helpful_mark', 'comment_enquiry'):
        op.drop_table(table)
    op.drop_column('comment', 'lang')
