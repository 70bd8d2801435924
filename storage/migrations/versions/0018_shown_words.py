"""Whose words a message shows to somebody else."""

import sqlalchemy as sa
from alembic import op

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.create_table(
        'shown_words',
        sa.Column('outbox_id', NUMBER, nullable=False),
        sa.Column('person_id', NUMBER, nullable=False),
        sa.ForeignKeyConstraint(['outbox_id'], ['outbox.id'], name=op.f('fk_shown_words_outbox_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_shown_words_person_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('outbox_id', 'person_id', name=op.f('pk_shown_words')),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f('ix_shown_words_person_id'), 'shown_words', ['person_id'])
