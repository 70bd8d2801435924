"""An answer that does not count for now, because of another one, is kept for its writer."""

import sqlalchemy as sa
from alembic import op

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    column = sa.Column('set_aside', sa.Boolean(), server_default=sa.false(), nullable=False)
    op.add_column('answers', column)
