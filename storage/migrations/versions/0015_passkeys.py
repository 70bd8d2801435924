"""Passkeys, and challenges of sign-ins that have begun."""

import sqlalchemy as sa
from alembic import op

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.create_table(
        'passkeys',
        sa.Column('id', NUMBER, autoincrement=True, nullable=False),
        sa.Column('person_id', NUMBER, nullable=False),
        sa.Column('credential', sa.LargeBinary(), nullable=False),
        sa.Column('public_key', sa.LargeBinary(), nullable=False),
        sa.Column('sign_count', sa.Integer(), nullable=False),
        sa.Column('host', sa.String(length=253), nullable=False),
        sa.Column('sealed', sa.LargeBinary(), nullable=False),
        sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_passkeys_person_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_passkeys')),
        sa.UniqueConstraint('credential', name=op.f('uq_passkeys_credential')),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f('ix_passkeys_person_id'), 'passkeys', ['person_id'])
    op.create_table(
        'challenges',
        sa.Column('hash', sa.LargeBinary(), nullable=False),
        sa.Column('kind', sa.String(length=16), nullable=False),
        sa.Column('person_id', NUMBER, nullable=True),
        sa.Column('sealed', sa.LargeBinary(), nullable=True),
        sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_challenges_person_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('hash', name=op.f('pk_challenges')),
    )
    op.create_index(op.f('ix_challenges_expires_at'), 'challenges', ['expires_at'])
    op.create_index(op.f('ix_challenges_person_id'), 'challenges', ['person_id'])
