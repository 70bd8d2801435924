"""A case keeps the words that opened it, sealed, until it is closed."""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    op.create_table(
        'case_words',
        sa.Column('id', number, autoincrement=True, nullable=False),
        sa.Column('case_id', number, nullable=False),
        sa.Column('sealed', sa.LargeBinary(), nullable=False),
        sa.Column('step', sa.String(length=64), nullable=False),
        sa.Column('consultation_id', number, nullable=True),
        sa.Column('question', sa.String(length=64), nullable=True),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ['case_id'], ['cases.id'], name=op.f('fk_case_words_case_id'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_case_words')),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f('ix_case_words_case_id'), 'case_words', ['case_id'], unique=False)
