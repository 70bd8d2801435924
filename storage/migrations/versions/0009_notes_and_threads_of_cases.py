"""A case has notes, and a thread between its helper and its person."""

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    op.create_table(
        'case_entries',
        sa.Column('id', number, autoincrement=True, nullable=False),
        sa.Column('case_id', number, nullable=False),
        sa.Column('kind', sa.String(length=8), nullable=False),
        sa.Column('made_by', number, nullable=True),
        sa.Column('sealed', sa.LargeBinary(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ['case_id'], ['cases.id'], name=op.f('fk_case_entries_case_id'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_case_entries')),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f('ix_case_entries_case_id'), 'case_entries', ['case_id'], unique=False)
    op.add_column('cases', sa.Column('thread', sa.String(length=8), nullable=True))
