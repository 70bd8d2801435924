"""Cases are closed with a reason, handed over, and kept in a register with their times."""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ('told_at', 'first_taken_at'):
        op.add_column('cases', sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    number = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    op.add_column('cases', sa.Column('handed_to', number, nullable=True))
    op.add_column('cases', sa.Column('reason', sa.String(length=60), nullable=True))
    op.create_index(op.f('ix_cases_closed_at'), 'cases', ['closed_at'], unique=False)
    op.execute('UPDATE cases SET first_taken_at = acknowledged_at')
