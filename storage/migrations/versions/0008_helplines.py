"""The team's helplines."""

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'helplines',
        sa.Column('key', sa.String(length=16), nullable=False),
        sa.Column('place', sa.Integer(), nullable=False),
        sa.Column('name', sa.String(length=24), nullable=False),
        sa.Column('number', sa.String(length=24), nullable=False),
        sa.Column('text_number', sa.String(length=24), nullable=False),
        sa.Column('text_word', sa.String(length=16), nullable=False),
        sa.Column('chat', sa.String(length=200), nullable=False),
        sa.Column('bands', sa.JSON(), nullable=False),
        sa.Column('words', sa.JSON(), nullable=False),
        sa.Column('review_on', sa.Date(), nullable=False),
        sa.Column('remind_at', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('key', name=op.f('pk_helplines')),
    )
