"""a counter that can be verified: Merkle tree, checkpoints, states of reports, receipts, figures"""

import hashlib
import json
from datetime import timezone

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

UTC = sa.DateTime(timezone=True)
HASH = sa.LargeBinary(length=32)
TABLE = "ledger_entry"
OLD_KINDS = ('counted', 'imported', 'uncounted')
KINDS = (*OLD_KINDS, 'recounted', 'corrected', 'handover', 'guest-verified', 'guest-revoked', 'published')
REASONS = ('spam', 'duplicate', 'test', 'withdrawn', 'erased')
CHANGE = {'counted': 1, 'imported': 1, 'uncounted': -1}
HEIGHT = 8


def _states(name, *values):
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    _unguard()
    _create_tables()
    with op.batch_alter_table('ledger_head') as batch_op:
        batch_op.add_column(sa.Column('minute', UTC, nullable=True))
        batch_op.add_column(sa.Column('frontier', sa.LargeBinary(), nullable=False, server_default=sa.text("''")))
    with op.batch_alter_table('ledger_head') as batch_op:
        batch_op.alter_column('frontier', existing_type=sa.LargeBinary(), server_default=None)
    with op.batch_alter_table(TABLE) as batch_op:
        batch_op.add_column(sa.Column('subject', sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column('leaf', HASH, nullable=True))
        batch_op.alter_column('kind', existing_type=_states('kind', *OLD_KINDS), type_=_states('kind', *KINDS))
    _plant_tree()
    with op.batch_alter_table(TABLE) as batch_op:
        batch_op.alter_column('leaf', existing_type=HASH, nullable=False)
        batch_op.create_index('ix_ledger_entry_minute', ['minute', 'seq'])
    _alter_report()
    op.drop_table('place_tally')
    _guard()


def downgrade() -> None:
    _unguard()
    op.create_table('place_tally',
    sa.Column('place_id', sa.String(length=20), nullable=False),
    sa.Column('reports', sa.Integer(), nullable=False),
    sa.CheckConstraint('reports >= 0', name=op.f('ck_place_tally_reports')),
    sa.PrimaryKeyConstraint('place_id', name=op.f('pk_place_tally'))
    )
    op.create_index('ix_place_tally_reports', 'place_tally', ['reports'])
    _restore_report()
    op.execute(
        "INSERT INTO place_tally SELECT place_id, count(*) FROM report "
        "WHERE uncounted_seq IS NULL AND place_id IS NOT NULL GROUP BY place_id"
    )
    for table in ('publication', 'figure', 'figure_day', 'figure_batch', 'recent_tally', 'text_cluster', 'me_too',
                  'erasure', 'follow_up_question', 'follow_up_contact', 'follow_up', 'voiding', 'ledger_checkpoint',
                  'ledger_tile'):
        op.drop_table(table)
    _cut_tree()
    with op.batch_alter_table(TABLE) as batch_op:
        batch_op.drop_index('ix_ledger_entry_minute')
        batch_op.drop_column('leaf')
        batch_op.drop_column('subject')
        batch_op.alter_column('kind', existing_type=_states('kind', *KINDS), type_=_states('kind', *OLD_KINDS))
    with op.batch_alter_table('ledger_head') as batch_op:
        batch_op.drop_column('frontier')
        batch_op.drop_column('minute')
    _guard()


def _create_tables() -> None:
    op.create_table('ledger_tile',
    sa.Column('level', sa.SmallInteger(), autoincrement=False, nullable=False),
    sa.Column('tile_index', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('hash', HASH, nullable=False),
    sa.Column('counter', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('level', 'tile_index', name=op.f('pk_ledger_tile'))
    )
    op.create_table('ledger_checkpoint',
    sa.Column('size', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('root', HASH, nullable=False),
    sa.Column('counter', sa.Integer(), nullable=False),
    sa.Column('made_at', UTC, nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('size', name=op.f('pk_ledger_checkpoint'))
    )
    op.create_index('ix_ledger_checkpoint_made_at', 'ledger_checkpoint', ['made_at'])
    op.create_table('voiding',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('reason', _states('reason', *REASONS), nullable=False),
    sa.Column('criteria', sa.JSON(), nullable=False),
    sa.Column('reports', sa.Integer(), nullable=False),
    sa.Column('made_at', UTC, nullable=False),
    sa.Column('undone_at', UTC, nullable=True),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_voiding_member_id_member')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_voiding'))
    )
    op.create_table('follow_up',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('report_id', sa.Integer(), nullable=False),
    sa.Column('answer', _states('answer', 'works', 'better', 'same', 'worse'), nullable=False),
    sa.Column('answered_on', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_follow_up_report_id_report')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_follow_up'))
    )
    op.create_index('ix_follow_up_report_id', 'follow_up', ['report_id'])
    op.create_table('follow_up_contact',
    sa.Column('report_id', sa.Integer(), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('ask_on', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_follow_up_contact_report_id_report')),
    sa.PrimaryKeyConstraint('report_id', name=op.f('pk_follow_up_contact'))
    )
    op.create_table('follow_up_question',
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('report_id', sa.Integer(), nullable=False),
    sa.Column('asked_on', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_follow_up_question_report_id_report')),
    sa.PrimaryKeyConstraint('token_hash', name=op.f('pk_follow_up_question'))
    )
    op.create_index('ix_follow_up_question_report_id', 'follow_up_question', ['report_id'])
    op.create_table('erasure',
    sa.Column('receipt_hash', sa.String(length=64), nullable=False),
    sa.Column('erased_on', sa.Date(), nullable=False),
    sa.PrimaryKeyConstraint('receipt_hash', name=op.f('pk_erasure'))
    )
    op.create_table('me_too',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key_hash', sa.String(length=64), nullable=False),
    sa.Column('place_id', sa.String(length=60), nullable=False),
    sa.Column('symptom', sa.String(length=40), nullable=False),
    sa.Column('said_on', sa.Date(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_me_too')),
    sa.UniqueConstraint('key_hash', name=op.f('uq_me_too_key_hash'))
    )
    op.create_index('ix_me_too_cell', 'me_too', ['place_id', 'symptom'])
    op.create_table('text_cluster',
    sa.Column('id', sa.String(length=16), nullable=False),
    *(sa.Column(f'band_{number}', sa.Integer(), nullable=False) for number in range(4)),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('began_at', UTC, nullable=False),
    sa.Column('last_seen_at', UTC, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_text_cluster'))
    )
    for number in range(4):
        op.create_index(f'ix_text_cluster_band_{number}', 'text_cluster', [f'band_{number}'])
    op.create_index('ix_text_cluster_last_seen_at', 'text_cluster', ['last_seen_at'])
    op.create_table('recent_tally',
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('began_at', UTC, nullable=False),
    sa.PrimaryKeyConstraint('hash', name=op.f('pk_recent_tally'))
    )
    op.create_index('ix_recent_tally_began_at', 'recent_tally', ['began_at'])
    op.create_table('figure_batch',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('made_on', sa.Date(), nullable=False),
    sa.Column('made_at', UTC, nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('counter', sa.Integer(), nullable=False),
    sa.Column('step', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_figure_batch')),
    sa.UniqueConstraint('made_on', name=op.f('uq_figure_batch_made_on'))
    )
    op.create_table('figure',
    sa.Column('area_id', sa.String(length=120), nullable=False),
    sa.Column('measure', sa.String(length=80), nullable=False),
    sa.Column('batch_id', sa.Integer(), nullable=False),
    sa.Column('value', sa.Integer(), nullable=False),
    sa.Column('until_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('value >= 0', name=op.f('ck_figure_value')),
    sa.ForeignKeyConstraint(['batch_id'], ['figure_batch.id'], name=op.f('fk_figure_batch_id_figure_batch')),
    sa.ForeignKeyConstraint(['until_id'], ['figure_batch.id'], name=op.f('fk_figure_until_id_figure_batch')),
    sa.PrimaryKeyConstraint('area_id', 'measure', 'batch_id', name=op.f('pk_figure'))
    )
    op.create_index('ix_figure_ranking', 'figure', ['measure', 'until_id', 'value'])
    op.create_index('ix_figure_area', 'figure', ['area_id', 'until_id'])
    op.create_table('figure_day',
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('batch_id', sa.Integer(), nullable=False),
    sa.Column('counted', sa.Integer(), nullable=False),
    sa.Column('claimed', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['batch_id'], ['figure_batch.id'], name=op.f('fk_figure_day_batch_id_figure_batch')),
    sa.PrimaryKeyConstraint('day', 'batch_id', name=op.f('pk_figure_day'))
    )
    op.create_table('publication',
    sa.Column('slug', sa.String(length=255), nullable=False),
    sa.Column('publish_at', UTC, nullable=False),
    sa.Column('entry_seq', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['entry_seq'], [f'{TABLE}.seq'], name=op.f('fk_publication_entry_seq_ledger_entry')),
    sa.PrimaryKeyConstraint('slug', 'publish_at', name=op.f('pk_publication'))
    )


def _alter_report() -> None:
    """A report has a state of its own; what it commits to may be a later entry than the one that counted it."""
    with op.batch_alter_table('report') as batch_op:
        batch_op.add_column(sa.Column('state', _states('state', 'held', 'counted', 'uncounted', 'refused'), nullable=True))
        batch_op.add_column(sa.Column('reason', _states('reason', *REASONS), nullable=True))
        batch_op.add_column(sa.Column('decided_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('district_id', sa.String(length=120), nullable=True))
        batch_op.add_column(sa.Column('signals', sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column('cluster', sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column('commitment_seq', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('voiding_id', sa.Integer(), nullable=True))
        batch_op.alter_column('number', existing_type=sa.Integer(), nullable=True)
        batch_op.alter_column('entry_seq', existing_type=sa.Integer(), nullable=True)
        batch_op.alter_column('place_id', existing_type=sa.String(length=20), type_=sa.String(length=60))
        batch_op.drop_index('ix_report_place_id')
    op.execute("UPDATE report SET state = CASE WHEN uncounted_seq IS NULL THEN 'counted' ELSE 'uncounted' END")
    op.execute("UPDATE report SET commitment_seq = entry_seq, signals = '[]'")
    op.execute(
        f"UPDATE report SET reason = (SELECT e.reason FROM {TABLE} e WHERE e.seq = uncounted_seq), "
        f"decided_on = (SELECT {_day('e.minute')} FROM {TABLE} e WHERE e.seq = uncounted_seq) "
        "WHERE uncounted_seq IS NOT NULL"
    )
    with op.batch_alter_table('report') as batch_op:
        batch_op.alter_column(
            'state', existing_type=_states('state', 'held', 'counted', 'uncounted', 'refused'), nullable=False
        )
        batch_op.alter_column('signals', existing_type=sa.JSON(), nullable=False)
        batch_op.drop_constraint('fk_report_uncounted_seq_ledger_entry', type_='foreignkey')
        batch_op.drop_column('uncounted_seq')
        batch_op.create_unique_constraint('uq_report_entry_seq', ['entry_seq'])
        batch_op.create_foreign_key('fk_report_commitment_seq_ledger_entry', TABLE, ['commitment_seq'], ['seq'])
        batch_op.create_foreign_key('fk_report_voiding_id_voiding', 'voiding', ['voiding_id'], ['id'])
        batch_op.create_index('ix_report_cluster', ['cluster'])
        batch_op.create_index('ix_report_voiding_id', ['voiding_id'])
        batch_op.create_index('ix_report_state', ['state', 'id'])
        batch_op.create_index('ix_report_voices', ['place_id', 'text_state', 'id'])


def _day(column: str) -> str:
    """The day of a moment, from which its time to be kept runs."""
    return f"date({column})" if op.get_bind().dialect.name == "sqlite" else f"CAST({column} AS DATE)"


def _restore_report() -> None:
    """What the earlier table cannot say is let go: held and refused reports, and corrections of what was counted."""
    op.execute("DELETE FROM follow_up")
    op.execute("DELETE FROM follow_up_contact")
    op.execute("DELETE FROM follow_up_question")
    op.execute("DELETE FROM report WHERE entry_seq IS NULL")
    with op.batch_alter_table('report') as batch_op:
        batch_op.add_column(sa.Column('uncounted_seq', sa.Integer(), nullable=True))
    op.execute(
        f"UPDATE report SET uncounted_seq = (SELECT max(e.seq) FROM {TABLE} e WHERE e.kind = 'uncounted' "
        "AND e.subject = 'entry:' || report.entry_seq) WHERE state = 'uncounted'"
    )
    with op.batch_alter_table('report') as batch_op:
        for name in ('cluster', 'voiding_id', 'state', 'voices'):
            batch_op.drop_index(f'ix_report_{name}')
        batch_op.drop_constraint('fk_report_voiding_id_voiding', type_='foreignkey')
        batch_op.drop_constraint('fk_report_commitment_seq_ledger_entry', type_='foreignkey')
        batch_op.drop_constraint('uq_report_entry_seq', type_='unique')
        for name in ('state', 'reason'):
            batch_op.drop_constraint(op.f(f'ck_report_{name}'), type_='check')
        for name in ('state', 'reason', 'decided_on', 'district_id', 'signals', 'cluster', 'commitment_seq', 'voiding_id'):
            batch_op.drop_column(name)
        batch_op.alter_column('number', existing_type=sa.Integer(), nullable=False)
        batch_op.alter_column('entry_seq', existing_type=sa.Integer(), nullable=False)
        batch_op.alter_column('place_id', existing_type=sa.String(length=60), type_=sa.String(length=20))
        batch_op.create_foreign_key('fk_report_uncounted_seq_ledger_entry', TABLE, ['uncounted_seq'], ['seq'])
        batch_op.create_index('ix_report_place_id', ['place_id'])


def _plant_tree() -> None:
    """Give every entry its subject and its leaf, and the head its frontier (RFC 6962)."""
    connection = op.get_bind()
    entry = sa.table(TABLE, *(sa.column(name) for name in ('seq', 'kind', 'reason', 'subject')),
                     sa.column('minute', UTC), sa.column('claimed_day', sa.Date()),
                     sa.column('commitment', HASH), sa.column('leaf', HASH))
    report = sa.table('report', sa.column('entry_seq'), sa.column('uncounted_seq'))
    taken_out = dict(connection.execute(
        sa.select(report.c.uncounted_seq, report.c.entry_seq).where(report.c.uncounted_seq.is_not(None))).all())
    tile = sa.table('ledger_tile', *(sa.column(name) for name in ('level', 'tile_index', 'counter')), sa.column('hash', HASH))
    peaks, counter, minute = [], 0, None
    for row in connection.execute(sa.select(entry).order_by(entry.c.seq)).all():
        about = taken_out.get(row.seq)
        subject, minute = (None if about is None else f"entry:{about}"), row.minute
        leaf = _leaf(row, subject)
        connection.execute(entry.update().where(entry.c.seq == row.seq).values(subject=subject, leaf=leaf))
        counter += CHANGE[row.kind]
        peaks.append((0, row.seq, leaf))
        while len(peaks) > 1 and peaks[-1][0] == peaks[-2][0]:
            (level, index, left), (_, _, right) = peaks[-2:]
            node = (level + 1, index // 2, hashlib.sha256(b"\1" + left + right).digest())
            peaks[-2:] = [node]
            if node[0] % HEIGHT == 0:
                connection.execute(tile.insert().values(level=node[0], tile_index=node[1], hash=node[2], counter=counter))
    head = sa.table('ledger_head', sa.column('frontier', sa.LargeBinary()), sa.column('minute', UTC))
    connection.execute(head.update().values(frontier=b"".join(node[2] for node in peaks), minute=minute))


def _leaf(row, subject) -> bytes:
    said = {
        'seq': row.seq,
        'kind': row.kind,
        'minute': f"{_utc(row.minute):%Y-%m-%dT%H:%MZ}",
        'reason': row.reason,
        'claimed_day': row.claimed_day.isoformat() if row.claimed_day else None,
        'commitment': row.commitment.hex() if row.commitment else None,
        'subject': subject,
    }
    there = {name: value for name, value in said.items() if value is not None}
    entry = json.dumps(there, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    return hashlib.sha256(b"\0" + entry).digest()


def _utc(moment):
    """SQLite tells UTC without saying so; PostgreSQL tells the session's zone."""
    return moment.astimezone(timezone.utc) if moment.tzinfo else moment


def _cut_tree() -> None:
    """The earlier ledger knows three kinds of entry: it can only be gone back to while there are no others."""
    other = op.get_bind().scalar(sa.text(f"SELECT count(*) FROM {TABLE} WHERE kind NOT IN ('counted', 'imported', 'uncounted')"))
    if other:
        raise RuntimeError(f"{other} ledger entries are of kinds that the earlier release does not know; nothing was changed")


def _unguard() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DROP TRIGGER append_only ON {TABLE}")
        op.execute(f"DROP TRIGGER append_only_all ON {TABLE}")
        return
    for name in ("update", "delete", "replace"):
        op.execute(f"DROP TRIGGER {TABLE}_no_{name}")


def _guard() -> None:
    """Entries are written once: the database itself refuses anything else."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION append_only()")
        op.execute(f"CREATE TRIGGER append_only_all BEFORE TRUNCATE ON {TABLE} EXECUTE FUNCTION append_only()")
        return
    for name, verb in (
        ("update", f"UPDATE ON {TABLE}"),
        ("delete", f"DELETE ON {TABLE}"),
        ("replace", f"INSERT ON {TABLE} WHEN EXISTS (SELECT 1 FROM {TABLE} WHERE rowid = NEW.rowid)"),
    ):
        op.execute(f"CREATE TRIGGER {TABLE}_no_{name} BEFORE {verb} BEGIN SELECT RAISE(ABORT, 'append-only'); END")
