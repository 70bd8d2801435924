"""A rota for cases, and since when nobody has a case."""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.create_table(
        'rota',
        sa.Column('id', ID, autoincrement=True, nullable=False),
        sa.Column('person_id', ID, nullable=False),
        sa.Column('weekdays', sa.String(length=7), nullable=False),
        sa.Column('day', sa.Date(), nullable=True),
        sa.Column('starts', sa.Time(), nullable=False),
        sa.Column('ends', sa.Time(), nullable=False),
        sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_rota_person_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_rota')),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f('ix_rota_person_id'), 'rota', ['person_id'], unique=False)
    op.add_column('cases', sa.Column('waits_since', sa.DateTime(timezone=True), nullable=True))
    op.execute('UPDATE cases SET waits_since = opened_at')
