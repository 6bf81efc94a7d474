"""what proves an organisation, calls to it, and entries of the ledger about both"""

import sqlalchemy as sa
from alembic import op

revision = '0031'
down_revision = '0030'
branch_labels = None
depends_on = None

UTC = sa.DateTime(timezone=True)
TABLE = "ledger_entry"
OLD_KINDS = ('counted', 'imported', 'uncounted', 'recounted', 'corrected', 'handover', 'guest-verified', 'guest-revoked', 'published')
NEW_KINDS = ('organisation-called', 'organisation-proven', 'organisation-failing', 'organisation-lapsed', 'organisation-ended')
METHODS = ('file', 'dns', 'call')
STATES = ('asked', 'proven', 'failing', 'lapsed', 'ended')
FAULTS = ('no-name', 'private', 'redirect', 'status', 'no-text', 'too-much', 'certificate', 'slow', 'away', 'no-dns', 'other-words')


def _states(name, *values):
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    op.create_table('organisation_proof',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('method', _states('method', *METHODS), nullable=False),
    sa.Column('state', _states('state', *STATES), nullable=False),
    sa.Column('domain', sa.String(length=253), nullable=False),
    sa.Column('nonce', sa.String(length=40), nullable=False),
    sa.Column('asked_at', UTC, nullable=False),
    sa.Column('proven_at', UTC, nullable=True),
    sa.Column('found_at', UTC, nullable=True),
    sa.Column('checked_at', UTC, nullable=True),
    sa.Column('checked_as', _states('checked_as', *FAULTS), nullable=True),
    sa.Column('failing_since', UTC, nullable=True),
    sa.Column('ended_at', UTC, nullable=True),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_organisation_proof_organisation_id_organisation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_organisation_proof'))
    )
    op.create_index(op.f('ix_organisation_proof_organisation_id'), 'organisation_proof', ['organisation_id'])
    op.create_table('organisation_call',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('proof_id', sa.Integer(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=40), nullable=False),
    sa.Column('source', sa.String(length=300), nullable=False),
    sa.Column('role', sa.String(length=120), nullable=False),
    sa.Column('called_at', UTC, nullable=False),
    sa.Column('noted_at', UTC, nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['member.id'], name=op.f('fk_organisation_call_by_id_member')),
    sa.ForeignKeyConstraint(['proof_id'], ['organisation_proof.id'], name=op.f('fk_organisation_call_proof_id_organisation_proof')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_organisation_call'))
    )
    op.create_index(op.f('ix_organisation_call_proof_id'), 'organisation_call', ['proof_id'])
    op.add_column('organisation', sa.Column('lapsed_at', UTC, nullable=True))
    _change_kinds(OLD_KINDS, OLD_KINDS + NEW_KINDS)


def downgrade() -> None:
    """The earlier release does not know the new kinds of entries: it can only be gone back to while there are none."""
    known = ", ".join(f"'{kind}'" for kind in OLD_KINDS)
    other = op.get_bind().scalar(sa.text(f"SELECT count(*) FROM {TABLE} WHERE kind NOT IN ({known})"))
    if other:
        raise RuntimeError(f"{other} ledger entries are of kinds that the earlier release does not know; nothing was changed")
    _change_kinds(OLD_KINDS + NEW_KINDS, OLD_KINDS)
    op.drop_column('organisation', 'lapsed_at')
    op.drop_table('organisation_call')
    op.drop_table('organisation_proof')


def _change_kinds(old, new) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(op.f('ck_ledger_entry_kind'), TABLE)
        op.create_check_constraint(op.f('ck_ledger_entry_kind'), TABLE, sa.column('kind').in_(new))
        return
    for name in ("update", "delete", "replace"):
        op.execute(f"DROP TRIGGER {TABLE}_no_{name}")
    with op.batch_alter_table(TABLE) as batch_op:
        batch_op.alter_column('kind', existing_type=_states('kind', *old), type_=_states('kind', *new))
    for name, verb in (
        ("update", f"UPDATE ON {TABLE}"),
        ("delete", f"DELETE ON {TABLE}"),
        ("replace", f"INSERT ON {TABLE} WHEN EXISTS (SELECT 1 FROM {TABLE} WHERE rowid = NEW.rowid)"),
    ):
        op.execute(f"CREATE TRIGGER {TABLE}_no_{name} BEFORE {verb} BEGIN SELECT RAISE(ABORT, 'append-only'); END")
