"""A text that staff wrote for many is held while Heard asks about what is personal in it."""

import sqlalchemy as sa
from alembic import op

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('sessions', sa.Column('held', sa.LargeBinary(), nullable=True))
