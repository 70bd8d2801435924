"""Texts that may hold a sign are marked, and the last words in a row are kept for minutes."""

import sqlalchemy as sa
from alembic import op

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    moment = sa.DateTime(timezone=True)
    op.create_table(
        'marks',
        sa.Column('id', number, autoincrement=True, nullable=False),
        sa.Column('person_id', number, nullable=False),
        sa.Column('why', sa.String(length=8), nullable=False),
        sa.Column('kind', sa.String(length=32), nullable=False),
        sa.Column('step', sa.String(length=64), nullable=False),
        sa.Column('stored_in', sa.String(length=24), nullable=True),
        sa.Column('row_id', number, nullable=True),
        sa.Column('question', sa.String(length=64), nullable=True),
        sa.Column('sealed', sa.LargeBinary(), nullable=True),
        sa.Column('at', moment, nullable=False),
        sa.Column('cleared_by', number, nullable=True),
        sa.Column('cleared_at', moment, nullable=True),
        sa.ForeignKeyConstraint(
            ['person_id'], ['people.id'], name=op.f('fk_marks_person_id'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_marks')),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f('ix_marks_person_id'), 'marks', ['person_id'], unique=False)
    op.create_index(op.f('ix_marks_cleared_at'), 'marks', ['cleared_at'], unique=False)
    with op.batch_alter_table('sessions') as sessions:
        sessions.add_column(sa.Column('words', sa.LargeBinary(), nullable=True))
        sessions.add_column(sa.Column('words_at', moment, nullable=True))
        sessions.add_column(
            sa.Column('words_soft', sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        sessions.add_column(sa.Column('offered_at', moment, nullable=True))
    op.create_index(op.f('ix_sessions_words_at'), 'sessions', ['words_at'], unique=False)
