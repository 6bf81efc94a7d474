"""handovers and promises"""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

WRITTEN_ONCE = ('promise', 'promise_event')


def upgrade() -> None:
    op.create_table('handover',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('proposed', 'released', 'discarded', name='state', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('recipient', sa.String(length=120), nullable=False),
    sa.Column('organisation_slug', sa.String(length=60), nullable=True),
    sa.Column('k', sa.Integer(), nullable=False),
    sa.Column('unit', sa.Integer(), nullable=False),
    sa.Column('built_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('built_by', sa.Integer(), nullable=True),
    sa.Column('released_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('entry_seq', sa.Integer(), nullable=True),
    sa.Column('manifest', sa.Text(), nullable=False),
    sa.Column('coarser', sa.JSON(), nullable=False),
    sa.CheckConstraint('k >= 5', name=op.f('ck_handover_k')),
    sa.CheckConstraint('unit >= k', name=op.f('ck_handover_unit')),
    sa.ForeignKeyConstraint(['built_by'], ['member.id'], name=op.f('fk_handover_built_by_member')),
    sa.ForeignKeyConstraint(['entry_seq'], ['ledger_entry.seq'], name=op.f('fk_handover_entry_seq_ledger_entry')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_handover')),
    sa.UniqueConstraint('entry_seq', name=op.f('uq_handover_entry_seq'))
    )
    op.create_table('promise',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=80), nullable=False),
    sa.Column('kind', sa.Enum('capacity', 'investment', 'roll-out', 'hardware', 'wifi', 'transport', 'information', 'other', name='kind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('sentence', sa.Text(), nullable=False),
    sa.Column('lang', sa.String(length=2), nullable=False),
    sa.Column('translation', sa.Text(), nullable=False),
    sa.Column('post_slug', sa.String(length=255), nullable=False),
    sa.Column('organisation_slug', sa.String(length=60), nullable=True),
    sa.Column('who', sa.String(length=120), nullable=False),
    sa.Column('made_on', sa.Date(), nullable=False),
    sa.Column('areas', sa.JSON(), nullable=False),
    sa.Column('due_words', sa.String(length=120), nullable=False),
    sa.Column('due_translation', sa.String(length=120), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('marked_by', sa.Integer(), nullable=False),
    sa.Column('marked_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['marked_by'], ['member.id'], name=op.f('fk_promise_marked_by_member')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_promise')),
    sa.UniqueConstraint('slug', name=op.f('uq_promise_slug'))
    )
    op.create_index('ix_promise_post_slug', 'promise', ['post_slug'])

    op.create_table('handover_answer',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('handover_id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('source', sa.String(length=300), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['handover_id'], ['handover.id'], name=op.f('fk_handover_answer_handover_id_handover')),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_handover_answer_member_id_member')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_handover_answer'))
    )
    op.create_index('ix_handover_answer_handover_id', 'handover_answer', ['handover_id'])

    op.create_table('handover_release',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('handover_id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('released_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['handover_id'], ['handover.id'], name=op.f('fk_handover_release_handover_id_handover')),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_handover_release_member_id_member')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_handover_release'))
    )
    op.create_index('ix_handover_release_handover_id', 'handover_release', ['handover_id'])

    op.create_table('promise_event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('promise_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=100), nullable=False),
    sa.Column('deed', sa.Enum('claimed', 'postponed', 'withdrawn', 'clarified', 'reply', 'taken-back', name='deed', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('said_on', sa.Date(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('lang', sa.String(length=2), nullable=False),
    sa.Column('translation', sa.Text(), nullable=False),
    sa.Column('source', sa.String(length=300), nullable=False),
    sa.Column('due_words', sa.String(length=120), nullable=False),
    sa.Column('due_translation', sa.String(length=120), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('about_id', sa.Integer(), nullable=True),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['about_id'], ['promise_event.id'], name=op.f('fk_promise_event_about_id_promise_event')),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_promise_event_member_id_member')),
    sa.ForeignKeyConstraint(['promise_id'], ['promise.id'], name=op.f('fk_promise_event_promise_id_promise')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_promise_event')),
    sa.UniqueConstraint('promise_id', 'key', name=op.f('uq_promise_event_promise_id'))
    )
    op.create_index('ix_promise_event_promise_id', 'promise_event', ['promise_id'])

    op.create_table('handover_record',
    sa.Column('report_id', sa.Integer(), nullable=False),
    sa.Column('handover_id', sa.Integer(), nullable=False),
    sa.Column('area_id', sa.String(length=120), nullable=False),
    sa.Column('period', sa.String(length=10), nullable=False),
    sa.Column('symptoms', sa.JSON(), nullable=False),
    sa.Column('has_words', sa.Boolean(), nullable=False),
    sa.Column('commitment_seq', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['commitment_seq'], ['ledger_entry.seq'], name=op.f('fk_handover_record_commitment_seq_ledger_entry')),
    sa.ForeignKeyConstraint(['handover_id'], ['handover.id'], name=op.f('fk_handover_record_handover_id_handover')),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_handover_record_report_id_report'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('report_id', name=op.f('pk_handover_record'))
    )
    op.create_index('ix_handover_record_handover_id', 'handover_record', ['handover_id'])

    op.create_table('promise_answer',
    sa.Column('promise_id', sa.Integer(), nullable=False),
    sa.Column('report_id', sa.Integer(), nullable=False),
    sa.Column('answer', sa.Enum('confirmed', 'contradicted', name='answer', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('answered_on', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['promise_id'], ['promise.id'], name=op.f('fk_promise_answer_promise_id_promise')),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_promise_answer_report_id_report'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('promise_id', 'report_id', name=op.f('pk_promise_answer'))
    )
    op.create_index('ix_promise_answer_report_id', 'promise_answer', ['report_id'])

    op.create_table('promise_tally',
    sa.Column('promise_id', sa.Integer(), nullable=False),
    sa.Column('made_on', sa.Date(), nullable=False),
    sa.Column('claim_id', sa.Integer(), nullable=False),
    sa.Column('confirmed', sa.Integer(), nullable=False),
    sa.Column('contradicted', sa.Integer(), nullable=False),
    sa.Column('exact_confirmed', sa.Integer(), nullable=False),
    sa.Column('exact_contradicted', sa.Integer(), nullable=False),
    sa.Column('step', sa.Integer(), nullable=False),
    sa.CheckConstraint('confirmed >= 0 AND contradicted >= 0', name=op.f('ck_promise_tally_numbers')),
    sa.ForeignKeyConstraint(['claim_id'], ['promise_event.id'], name=op.f('fk_promise_tally_claim_id_promise_event')),
    sa.ForeignKeyConstraint(['promise_id'], ['promise.id'], name=op.f('fk_promise_tally_promise_id_promise')),
    sa.PrimaryKeyConstraint('promise_id', 'made_on', name=op.f('pk_promise_tally'))
    )
    for table in WRITTEN_ONCE:
        _guard(table)


def downgrade() -> None:
    for table in ('promise_tally', 'promise_answer', 'handover_record', 'promise_event', 'handover_release',
                  'handover_answer', 'promise', 'handover'):
        op.drop_table(table)


def _guard(table) -> None:
    """What was marked and what was said of it are written once: the database itself refuses anything else."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION append_only()")
        op.execute(f"CREATE TRIGGER append_only_all BEFORE TRUNCATE ON {table} EXECUTE FUNCTION append_only()")
        return
    for name, verb in (
        ("update", f"UPDATE ON {table}"),
        ("delete", f"DELETE ON {table}"),
        ("replace", f"INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE rowid = NEW.rowid)"),
    ):
        op.execute(f"CREATE TRIGGER {table}_no_{name} BEFORE {verb} BEGIN SELECT RAISE(ABORT, 'append-only'); END")
