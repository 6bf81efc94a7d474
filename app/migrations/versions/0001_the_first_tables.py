"""the first tables"""

import sqlalchemy as sa
from alembic import op

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


APPEND_ONLY = ("ledger_entry", "decision")


def upgrade() -> None:
    _create_tables()
    op.execute("INSERT INTO ledger_head (id, size, counter) VALUES (1, 0, 0)")
    for table in APPEND_ONLY:
        for statement in _guards(table):
            op.execute(statement)


def downgrade() -> None:
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    for table in APPEND_ONLY if is_postgresql else ():
        op.execute(f"DROP TRIGGER append_only ON {table}")
        op.execute(f"DROP TRIGGER append_only_all ON {table}")
    if is_postgresql:
        op.execute("DROP FUNCTION append_only()")
    _drop_tables()


def _guards(table: str) -> list[str]:
    """Rows of these tables are written once: the database itself refuses anything else."""
    if op.get_bind().dialect.name == "postgresql":
        return [
            "CREATE OR REPLACE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'append-only'; END $$",
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION append_only()",
            f"CREATE TRIGGER append_only_all BEFORE TRUNCATE ON {table} EXECUTE FUNCTION append_only()",
        ]
    return [
        f"CREATE TRIGGER {table}_no_{name} BEFORE {verb} BEGIN SELECT RAISE(ABORT, 'append-only'); END"
        for name, verb in (
            ("update", f"UPDATE ON {table}"),
            ("delete", f"DELETE ON {table}"),
            # INSERT OR REPLACE deletes without asking the trigger above
            ("replace", f"INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE rowid = NEW.rowid)"),
        )
    ]


def _create_tables() -> None:
    op.create_table('code',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('browser_hash', sa.String(length=64), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('code_hash', sa.String(length=64), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('tries_left', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_code')),
    sa.UniqueConstraint('browser_hash', name=op.f('uq_code_browser_hash'))
    )
    op.create_table('fingerprint',
    sa.Column('hash', sa.String(), nullable=False),
    sa.Column('first_seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('hash', name=op.f('pk_fingerprint'))
    )
    with op.batch_alter_table('fingerprint', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_fingerprint_first_seen_at'), ['first_seen_at'], unique=False)

    op.create_table('ledger_entry',
    sa.Column('seq', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('kind', sa.Enum('counted', 'imported', 'uncounted', name='kind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('minute', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reason', sa.Enum('spam', 'duplicate', 'test', 'withdrawn', 'erased', name='reason', native_enum=False, create_constraint=True, length=32), nullable=True),
    sa.Column('claimed_day', sa.Date(), nullable=True),
    sa.Column('commitment', sa.LargeBinary(length=32), nullable=True),
    sa.PrimaryKeyConstraint('seq', name=op.f('pk_ledger_entry'))
    )
    op.create_table('ledger_head',
    sa.Column('id', sa.SmallInteger(), autoincrement=False, nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('counter', sa.Integer(), nullable=False),
    sa.CheckConstraint('counter >= 0', name=op.f('ck_ledger_head_counter')),
    sa.CheckConstraint('id = 1', name=op.f('ck_ledger_head_single')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ledger_head'))
    )
    op.create_table('letter',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('to', sa.String(length=254), nullable=False),
    sa.Column('subject', sa.String(length=200), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('next_try_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('fault', sa.String(length=200), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_letter'))
    )
    with op.batch_alter_table('letter', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_letter_next_try_at'), ['next_try_at'], unique=False)

    op.create_table('organisation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=60), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('domains', sa.JSON(), nullable=False),
    sa.Column('verified_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('verified_how', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_organisation')),
    sa.UniqueConstraint('slug', name=op.f('uq_organisation_slug'))
    )
    op.create_table('place_tally',
    sa.Column('place_id', sa.String(length=20), nullable=False),
    sa.Column('reports', sa.Integer(), nullable=False),
    sa.CheckConstraint('reports >= 0', name=op.f('ck_place_tally_reports')),
    sa.PrimaryKeyConstraint('place_id', name=op.f('pk_place_tally'))
    )
    with op.batch_alter_table('place_tally', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_place_tally_reports'), ['reports'], unique=False)

    op.create_table('member',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('first_name', sa.String(length=60), nullable=False),
    sa.Column('role', sa.Enum('owner', 'editor', 'moderator', 'guest', name='role', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('fs_uniquifier', sa.String(length=64), nullable=False),
    sa.Column('joined_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revoked_because', sa.String(length=300), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_member_organisation_id_organisation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_member')),
    sa.UniqueConstraint('email', name=op.f('uq_member_email')),
    sa.UniqueConstraint('fs_uniquifier', name=op.f('uq_member_fs_uniquifier'))
    )
    op.create_table('report',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('receipt_hash', sa.String(length=64), nullable=False),
    sa.Column('nonce', sa.LargeBinary(length=32), nullable=False),
    sa.Column('source', sa.Enum('form', 'import', name='source', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('told_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('claimed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('symptoms', sa.JSON(), nullable=False),
    sa.Column('place', sa.String(length=120), nullable=False),
    sa.Column('place_id', sa.String(length=20), nullable=True),
    sa.Column('place_state', sa.Enum('known', 'waiting', 'as_typed', name='place_state', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('district', sa.String(length=120), nullable=False),
    sa.Column('since', sa.String(length=80), nullable=False),
    sa.Column('hotline', sa.String(length=300), nullable=False),
    sa.Column('device', sa.String(length=120), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('text_state', sa.Enum('none', 'waiting', 'released', 'withheld', name='text_state', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('entry_seq', sa.Integer(), nullable=False),
    sa.Column('uncounted_seq', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['entry_seq'], ['ledger_entry.seq'], name=op.f('fk_report_entry_seq_ledger_entry')),
    sa.ForeignKeyConstraint(['uncounted_seq'], ['ledger_entry.seq'], name=op.f('fk_report_uncounted_seq_ledger_entry')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_report')),
    sa.UniqueConstraint('receipt_hash', name=op.f('uq_report_receipt_hash'))
    )
    with op.batch_alter_table('report', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_report_place_id'), ['place_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_report_place_state'), ['place_state'], unique=False)
        batch_op.create_index(batch_op.f('ix_report_text_state'), ['text_state'], unique=False)
        batch_op.create_index(batch_op.f('ix_report_told_at'), ['told_at'], unique=False)

    op.create_table('comment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key_hash', sa.String(length=64), nullable=False),
    sa.Column('post_slug', sa.String(length=120), nullable=False),
    sa.Column('parent_id', sa.Integer(), nullable=True),
    sa.Column('thread_id', sa.Integer(), nullable=True),
    sa.Column('member_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('html', sa.Text(), nullable=False),
    sa.Column('state', sa.Enum('waiting', 'published', 'spam', 'removed', name='state', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('removed_because', sa.String(length=300), nullable=False),
    sa.Column('reasons', sa.JSON(), nullable=False),
    sa.Column('alert', sa.String(length=300), nullable=False),
    sa.Column('repeats', sa.Integer(), nullable=False),
    sa.Column('is_decided', sa.Boolean(), nullable=False),
    sa.Column('questions', sa.Integer(), nullable=False),
    sa.Column('ask_again_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_comment_member_id_member')),
    sa.ForeignKeyConstraint(['parent_id'], ['comment.id'], name=op.f('fk_comment_parent_id_comment')),
    sa.ForeignKeyConstraint(['thread_id'], ['comment.id'], name=op.f('fk_comment_thread_id_comment')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_comment')),
    sa.UniqueConstraint('key_hash', name=op.f('uq_comment_key_hash'))
    )
    with op.batch_alter_table('comment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_comment_ask_again_at'), ['ask_again_at'], unique=False)
        batch_op.create_index('ix_comment_lane', ['state', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_comment_parent_id'), ['parent_id'], unique=False)
        batch_op.create_index('ix_comment_thread', ['post_slug', 'state', 'thread_id', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_comment_thread_id'), ['thread_id'], unique=False)

    op.create_table('decision',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=True),
    sa.Column('deed', sa.String(length=40), nullable=False),
    sa.Column('about', sa.String(length=80), nullable=False),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_decision_member_id_member')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_decision'))
    )
    with op.batch_alter_table('decision', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_decision_about'), ['about'], unique=False)

    op.create_table('invitation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=True),
    sa.Column('role', sa.Enum('owner', 'editor', 'moderator', 'guest', name='role', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('invited_by_id', sa.Integer(), nullable=True),
    sa.Column('invited_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['invited_by_id'], ['member.id'], name=op.f('fk_invitation_invited_by_id_member')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_invitation_organisation_id_organisation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_invitation')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_invitation_token_hash'))
    )
    with op.batch_alter_table('invitation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_invitation_email'), ['email'], unique=False)

    op.create_table('sign_in',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('device', sa.String(length=80), nullable=False),
    sa.Column('began_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_sign_in_member_id_member')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_in')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_sign_in_token_hash'))
    )
    with op.batch_alter_table('sign_in', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sign_in_member_id'), ['member_id'], unique=False)

    op.create_table('comment_contact',
    sa.Column('comment_id', sa.Integer(), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.ForeignKeyConstraint(['comment_id'], ['comment.id'], name=op.f('fk_comment_contact_comment_id_comment')),
    sa.PrimaryKeyConstraint('comment_id', name=op.f('pk_comment_contact'))
    )
    op.create_table('comment_snapshot',
    sa.Column('comment_id', sa.Integer(), nullable=False),
    sa.Column('data', sa.JSON(), nullable=False),
    sa.Column('taken_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('feedback', sa.Enum('spam', 'ham', name='feedback', native_enum=False, create_constraint=True, length=32), nullable=True),
    sa.Column('feedback_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['comment_id'], ['comment.id'], name=op.f('fk_comment_snapshot_comment_id_comment')),
    sa.PrimaryKeyConstraint('comment_id', name=op.f('pk_comment_snapshot'))
    )
    with op.batch_alter_table('comment_snapshot', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_comment_snapshot_feedback_at'), ['feedback_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_comment_snapshot_taken_at'), ['taken_at'], unique=False)



def _drop_tables() -> None:
    with op.batch_alter_table('comment_snapshot', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_comment_snapshot_taken_at'))
        batch_op.drop_index(batch_op.f('ix_comment_snapshot_feedback_at'))

    op.drop_table('comment_snapshot')
    op.drop_table('comment_contact')
    with op.batch_alter_table('sign_in', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_sign_in_member_id'))

    op.drop_table('sign_in')
    with op.batch_alter_table('invitation', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_invitation_email'))

    op.drop_table('invitation')
    with op.batch_alter_table('decision', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_decision_about'))

    op.drop_table('decision')
    with op.batch_alter_table('comment', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_comment_thread_id'))
        batch_op.drop_index('ix_comment_thread')
        batch_op.drop_index(batch_op.f('ix_comment_parent_id'))
        batch_op.drop_index('ix_comment_lane')
        batch_op.drop_index(batch_op.f('ix_comment_ask_again_at'))

    op.drop_table('comment')
    with op.batch_alter_table('report', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_report_told_at'))
        batch_op.drop_index(batch_op.f('ix_report_text_state'))
        batch_op.drop_index(batch_op.f('ix_report_place_state'))
        batch_op.drop_index(batch_op.f('ix_report_place_id'))

    op.drop_table('report')
    op.drop_table('member')
    with op.batch_alter_table('place_tally', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_place_tally_reports'))

    op.drop_table('place_tally')
    op.drop_table('organisation')
    with op.batch_alter_table('letter', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_letter_next_try_at'))

    op.drop_table('letter')
    op.drop_table('ledger_head')
    op.drop_table('ledger_entry')
    with op.batch_alter_table('fingerprint', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_fingerprint_first_seen_at'))

    op.drop_table('fingerprint')
    op.drop_table('code')
