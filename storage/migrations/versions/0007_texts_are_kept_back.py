"""Texts that a case keeps from the team are marked with that case."""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

_INDEXED = {
    'answers': 'consultation_id',
    'issues': 'case_id',
    'issue_entries': 'case_id',
    'judgements': 'case_id',
    'revisit_answers': 'case_id',
}


def upgrade() -> None:
    kept = sa.text('case_id IS NOT NULL')
    for table, column in _INDEXED.items():
        number = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
        op.add_column(table, sa.Column('case_id', number, nullable=True))
        op.create_index(
            f'ix_{table}_kept_back', table, [column], sqlite_where=kept, postgresql_where=kept
        )
