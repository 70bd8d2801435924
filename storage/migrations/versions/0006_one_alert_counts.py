"""Which alert tells of a case, and since when: one may tell of many."""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    op.add_column('cases', sa.Column('alert', number, nullable=True))
    op.add_column('cases', sa.Column('alerted_at', sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f('ix_cases_alert'), 'cases', ['alert'], unique=False)
    op.execute('UPDATE cases SET alert = id, alerted_at = opened_at')
