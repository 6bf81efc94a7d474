"""letters about answers: who is told, a way out in their headers, links to one's own comments"""

import sqlalchemy as sa
from alembic import op

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None

UTC = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column('letter', sa.Column('unsubscribe', sa.String(length=300), nullable=False, server_default=''))
    op.create_table('comment_subscription',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('comment_id', sa.Integer(), nullable=False),
    sa.Column('nonce', sa.String(length=16), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('asked_at', UTC, nullable=False),
    sa.Column('invited_at', UTC, nullable=True),
    sa.Column('confirmed_at', UTC, nullable=True),
    sa.Column('told_until', UTC, nullable=False),
    sa.Column('told_at', UTC, nullable=True),
    sa.ForeignKeyConstraint(['comment_id'], ['comment.id'], name=op.f('fk_comment_subscription_comment_id_comment')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_comment_subscription')),
    sa.UniqueConstraint('nonce', name=op.f('uq_comment_subscription_nonce'))
    )
    op.create_index('ix_comment_subscription_comment_id', 'comment_subscription', ['comment_id'])
    op.create_index('ix_comment_subscription_email', 'comment_subscription', ['email'])
    op.create_table('comment_own_link',
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('ends_at', UTC, nullable=False),
    sa.PrimaryKeyConstraint('token_hash', name=op.f('pk_comment_own_link'))
    )
    op.create_index('ix_comment_own_link_ends_at', 'comment_own_link', ['ends_at'])


def downgrade() -> None:
    """Whoever is told of answers is told of none any more."""
    op.drop_table('comment_own_link')
    op.drop_table('comment_subscription')
    op.drop_column('letter', 'unsubscribe')
