"""which form began a draft, one draft a file, and as which member a preview link was made"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from flask import current_app

revision = '0036'
down_revision = '0035'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('draft', sa.Column('form_key', sa.String(length=64), nullable=True))
    op.create_index(op.f('ix_draft_form_key'), 'draft', ['form_key'], unique=True)
    _part_files()
    op.create_index(op.f('ix_draft_file_name'), 'draft', ['file_name'], unique=True)
    op.add_column('draft_preview', sa.Column('made_as', sa.String(length=64), nullable=True))
    op.execute(
        'UPDATE draft_preview SET made_as = (SELECT fs_uniquifier FROM member WHERE member.id = draft_preview.made_by)'
    )


def downgrade() -> None:
    op.drop_column('draft_preview', 'made_as')
    op.drop_index(op.f('ix_draft_file_name'), table_name='draft')
    op.drop_index(op.f('ix_draft_form_key'), table_name='draft')
    op.drop_column('draft', 'form_key')


def _part_files() -> None:
    """Of several drafts with one file the released one keeps it, else the last that was opened from it; others get their own.

    What of theirs was released is written there by the job that mends files; nothing that stands on disk is touched: a name
    under which some file stands already is nobody's, else that file would count as a draft's that was changed by hand.
    """
    draft = sa.table('draft', *(sa.column(name) for name in ('id', 'slug', 'file_name', 'file_hash', 'released', 'state')))
    rows = op.get_bind().execute(
        sa.select(draft).order_by(
            draft.c.released.is_(None), draft.c.state == 'discarded', draft.c.file_hash == '', draft.c.id.desc()
        )
    ).all()
    taken: set[str] = {row.file_name for row in rows}
    kept: set[str] = set()
    for row in rows:
        if row.file_name not in kept:
            kept.add(row.file_name)
            continue
        name, number = f'{row.slug}.md', 1
        while name in taken or any((folder / name).exists() for folder in _folders()):
            number += 1
            name = f'{row.slug}-{number}.md'
        taken.add(name)
        kept.add(name)
        op.execute(draft.update().where(draft.c.id == row.id).values(file_name=name, file_hash=''))


def _folders() -> tuple[Path, Path]:
    settings = current_app.extensions['settings']
    return settings.posts, settings.instance / 'posts'
