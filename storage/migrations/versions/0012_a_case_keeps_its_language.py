"""A case keeps the language and reading version of a person who is erased."""

import sqlalchemy as sa
from alembic import op

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('cases', sa.Column('language', sa.String(length=8), nullable=True))
    op.add_column('cases', sa.Column('version', sa.String(length=8), nullable=True))
