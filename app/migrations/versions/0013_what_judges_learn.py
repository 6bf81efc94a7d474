"""what judges learn: clusters of comments, words by language, what a comment has taught"""

import sqlalchemy as sa
from alembic import op

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None

UTC = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table('comment_cluster',
    sa.Column('id', sa.String(length=16), nullable=False),
    sa.Column('band_0', sa.Integer(), nullable=False),
    sa.Column('band_1', sa.Integer(), nullable=False),
    sa.Column('band_2', sa.Integer(), nullable=False),
    sa.Column('band_3', sa.Integer(), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('began_at', UTC, nullable=False),
    sa.Column('last_seen_at', UTC, nullable=False),
    sa.Column('spam', sa.Integer(), server_default='0', nullable=False),
    sa.Column('ham', sa.Integer(), server_default='0', nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_comment_cluster'))
    )
    for column in ('band_0', 'band_1', 'band_2', 'band_3', 'last_seen_at'):
        op.create_index(op.f(f'ix_comment_cluster_{column}'), 'comment_cluster', [column])
    op.create_table('bayes_word',
    sa.Column('hash', sa.String(length=16), nullable=False),
    sa.Column('word', sa.String(length=40), nullable=True),
    sa.Column('spam', sa.Integer(), nullable=False),
    sa.Column('ham', sa.Integer(), nullable=False),
    sa.Column('taught_at', UTC, nullable=False),
    sa.PrimaryKeyConstraint('hash', name=op.f('pk_bayes_word'))
    )
    op.create_index(op.f('ix_bayes_word_taught_at'), 'bayes_word', ['taught_at'])
    op.create_table('bayes_total',
    sa.Column('tongue', sa.String(length=2), nullable=False),
    sa.Column('spam', sa.Integer(), nullable=False),
    sa.Column('ham', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('tongue', name=op.f('pk_bayes_total'))
    )
    op.add_column('comment', sa.Column('cluster', sa.String(length=16), nullable=True))
    op.add_column('comment', sa.Column('lesson', sa.String(length=8), nullable=True))
    op.create_index(op.f('ix_comment_cluster'), 'comment', ['cluster'])


def downgrade() -> None:
    op.drop_index(op.f('ix_comment_cluster'), table_name='comment')
    op.drop_column('comment', 'lesson')
    op.drop_column('comment', 'cluster')
    for table in ('bayes_total', 'bayes_word', 'comment_cluster'):
        op.drop_table(table)
