"""People say that what they said is not to be used."""

import sqlalchemy as sa
from alembic import op

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('people', sa.Column('unused_since', sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        'ix_people_unused_since',
        'people',
        ['unused_since'],
        sqlite_where=sa.text('unused_since IS NOT NULL'),
        postgresql_where=sa.text('unused_since IS NOT NULL'),
    )
