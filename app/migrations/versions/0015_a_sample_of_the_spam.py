"""a sample of the spam"""

import sqlalchemy as sa
from alembic import op

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('spam_sample_day',
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('spam', sa.Integer(), nullable=False),
    sa.Column('drawn_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('day', name=op.f('pk_spam_sample_day'))
    )
    op.create_table('spam_sample',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('comment_id', sa.Integer(), nullable=True),
    sa.Column('verdict', sa.Enum('spam', 'not-spam', name='verdict', native_enum=False, create_constraint=True, length=32), nullable=True),
    sa.Column('found_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['comment_id'], ['comment.id'], name=op.f('fk_spam_sample_comment_id_comment'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['day'], ['spam_sample_day.day'], name=op.f('fk_spam_sample_day_spam_sample_day')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_spam_sample')),
    sa.UniqueConstraint('comment_id', name=op.f('uq_spam_sample_comment_id'))
    )
    op.create_index(op.f('ix_spam_sample_day'), 'spam_sample', ['day'])


def downgrade() -> None:
    op.drop_table('spam_sample')
    op.drop_table('spam_sample_day')
