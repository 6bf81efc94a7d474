"""which members signed a released post off, so that two of one name are never taken for each other"""

import sqlalchemy as sa
from alembic import op

revision = '0032'
down_revision = '0031'
branch_labels = None
depends_on = None

RELEASE = sa.table('post_release', sa.column('draft_id', sa.Integer), sa.column('words_hash', sa.String),
                   sa.column('signed', sa.JSON), sa.column('signed_by', sa.JSON))
SIGNOFF = sa.table('draft_signoff', sa.column('id', sa.Integer), sa.column('draft_id', sa.Integer),
                   sa.column('words_hash', sa.String), sa.column('member_id', sa.Integer), sa.column('voided_at', sa.DateTime))


def upgrade() -> None:
    op.add_column('post_release', sa.Column('signed_by', sa.JSON(), nullable=True))
    _fill()


def downgrade() -> None:
    op.drop_column('post_release', 'signed_by')


def _fill() -> None:
    """Of what was released already: the sign-offs that stand, in their order, as they were noted by name."""
    there = op.get_bind()
    for draft_id, words_hash, signed in there.execute(sa.select(RELEASE.c.draft_id, RELEASE.c.words_hash, RELEASE.c.signed)).all():
        same = (SIGNOFF.c.draft_id == draft_id) & (SIGNOFF.c.words_hash == words_hash) & SIGNOFF.c.voided_at.is_(None)
        ids = list(there.scalars(sa.select(SIGNOFF.c.member_id).where(same).order_by(SIGNOFF.c.id)))
        if len(ids) == len(signed):
            there.execute(sa.update(RELEASE).where(RELEASE.c.draft_id == draft_id).values(signed_by=ids))
