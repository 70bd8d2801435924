"""Cases are passed on: when to look at one again, and what its person was told about who knows."""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('cases', sa.Column('informed', sa.String(length=8), server_default='nobody', nullable=False))
    op.add_column('cases', sa.Column('check_at', sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f('ix_cases_check_at'), 'cases', ['check_at'], unique=False)
    op.execute('UPDATE cases SET check_at = opened_at WHERE acknowledged_at IS NULL AND closed_at IS NULL')
