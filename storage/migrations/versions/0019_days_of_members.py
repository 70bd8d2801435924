"""On which days a member of the team was here, for a second person's yes."""

import sqlalchemy as sa
from alembic import op

revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'team_days',
        sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
        sa.Column('day', sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ['person_id'], ['people.id'], name=op.f('fk_team_days_person_id'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('person_id', 'day', name=op.f('pk_team_days')),
        sqlite_with_rowid=False,
    )
