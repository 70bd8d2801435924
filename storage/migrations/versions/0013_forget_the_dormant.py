"""People who have not been here for long are told, and forgotten."""

import sqlalchemy as sa
from alembic import op

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('people', sa.Column('left_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('people', sa.Column('dormant_since', sa.DateTime(timezone=True), nullable=True))
