"""The first shape."""

import sqlalchemy as sa
from alembic import op

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('audit',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('did', sa.String(length=32), nullable=False),
    sa.Column('about', sa.String(length=64), server_default='', nullable=False),
    sa.Column('stamp', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit'))
    )
    op.create_table('audit_head',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_head'))
    )
    op.create_table('broadcasts',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('about', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('due', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reached', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), server_default='0', nullable=False),
    sa.Column('queued_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('held_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('made_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_broadcasts')),
    sa.UniqueConstraint('kind', 'about', name=op.f('uq_broadcasts_kind_about')),
    sqlite_autoincrement=True
    )
    op.create_table('cases',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('door_kind', sa.String(length=8), nullable=False),
    sa.Column('address', sa.LargeBinary(), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('step', sa.String(length=64), nullable=False),
    sa.Column('signs', sa.Integer(), server_default='1', nullable=False),
    sa.Column('wants_call', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('acknowledged_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('acknowledged_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cases')),
    sqlite_autoincrement=True
    )
    op.create_index(op.f('ix_cases_person_id'), 'cases', ['person_id'], unique=False)
    op.create_table('consultations',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('code', sa.String(length=64), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('form', sa.JSON(), nullable=False),
    sa.Column('sample', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('bands', sa.JSON(), nullable=False),
    sa.Column('themes', sa.JSON(), nullable=False),
    sa.Column('area', sa.String(length=40), server_default='', nullable=False),
    sa.Column('reply_by', sa.Date(), nullable=True),
    sa.Column('remind_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('opens_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closes_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('made_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_consultations')),
    sa.UniqueConstraint('code', name=op.f('uq_consultations_code')),
    sqlite_autoincrement=True
    )
    op.create_index(op.f('ix_consultations_state'), 'consultations', ['state'], unique=False)
    op.create_index(op.f('ix_consultations_state_remind_at'), 'consultations', ['state', 'remind_at'], unique=False)
    op.create_table('heartbeats',
    sa.Column('name', sa.String(length=64), nullable=False),
    sa.Column('at', sa.Float(precision=53), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_heartbeats'))
    )
    op.create_table('keeping',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('lineage', sa.String(length=16), nullable=False),
    sa.Column('mark', sa.BigInteger(), server_default='0', nullable=False),
    sa.Column('put_back_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('copied_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('backup_due', sa.DateTime(timezone=True), nullable=True),
    sa.Column('backed_up_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_keeping'))
    )
    op.create_table('news',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('title', sa.JSON(), nullable=False),
    sa.Column('text', sa.JSON(), nullable=False),
    sa.Column('theme', sa.String(length=16), nullable=True),
    sa.Column('area', sa.String(length=40), nullable=True),
    sa.Column('bands', sa.JSON(), nullable=False),
    sa.Column('goes_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('made_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_news')),
    sqlite_autoincrement=True
    )
    op.create_index(op.f('ix_news_state'), 'news', ['state'], unique=False)
    op.create_table('noted',
    sa.Column('id', sa.String(length=16), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_noted'))
    )
    op.create_index(op.f('ix_noted_day'), 'noted', ['day'], unique=False)
    op.create_table('people',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('language', sa.String(length=8), nullable=True),
    sa.Column('version', sa.String(length=8), nullable=True),
    sa.Column('band', sa.String(length=8), nullable=True),
    sa.Column('band_asked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('agreed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('stopped_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('frequency', sa.String(length=8), server_default='now', nullable=False),
    sa.Column('main_door', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('return_hash', sa.LargeBinary(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_people')),
    sa.UniqueConstraint('return_hash', name=op.f('uq_people_return_hash')),
    sqlite_autoincrement=True
    )
    op.create_index(op.f('ix_people_agreed_at'), 'people', ['agreed_at'], unique=False)
    op.create_table('retired_keys',
    sa.Column('key', sa.LargeBinary(), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_retired_keys'))
    )
    op.create_table('seals',
    sa.Column('key', sa.LargeBinary(), nullable=False),
    sa.Column('sample', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_seals'))
    )
    op.create_table('team_rules',
    sa.Column('name', sa.String(length=32), nullable=False),
    sa.Column('value', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_team_rules'))
    )
    op.create_table('tokens',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('given_at', sa.Float(precision=53), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tokens'))
    )
    op.create_index(op.f('ix_tokens_given_at'), 'tokens', ['given_at'], unique=False)
    op.create_table('updates',
    sa.Column('door_kind', sa.String(length=8), nullable=False),
    sa.Column('update_id', sa.String(length=64), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('door_kind', 'update_id', name=op.f('pk_updates')),
    sqlite_with_rowid=False
    )
    op.create_index(op.f('ix_updates_at'), 'updates', ['at'], unique=False)
    op.create_table('waves',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('theme', sa.String(length=16), nullable=False),
    sa.Column('area', sa.String(length=40), nullable=False),
    sa.Column('told_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_waves')),
    sa.UniqueConstraint('theme', 'area', name=op.f('uq_waves_theme_area')),
    sqlite_autoincrement=True
    )
    op.create_table('answers',
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('consultation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('question', sa.String(length=64), nullable=False),
    sa.Column('option', sa.String(length=64), server_default='', nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=True),
    sa.Column('skipped', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('message', sa.String(length=32), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['consultation_id'], ['consultations.id'], name=op.f('fk_answers_consultation_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_answers_person_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('person_id', 'consultation_id', 'question', 'option', name=op.f('pk_answers')),
    sqlite_with_rowid=False
    )
    op.create_index(op.f('ix_answers_consultation_id_question_option_skipped_person_id'), 'answers', ['consultation_id', 'question', 'option', 'skipped', 'person_id'], unique=False)
    op.create_table('doors',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('address_hash', sa.LargeBinary(), nullable=False),
    sa.Column('address', sa.LargeBinary(), nullable=False),
    sa.Column('reachable', sa.Boolean(), server_default=sa.true(), nullable=False),
    sa.Column('shared', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('signed_in_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_doors_person_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_doors')),
    sa.UniqueConstraint('kind', 'address_hash', name=op.f('uq_doors_kind_address_hash')),
    sqlite_autoincrement=True
    )
    op.create_index(op.f('ix_doors_person_id'), 'doors', ['person_id'], unique=False)
    op.create_table('invites',
    sa.Column('token_hash', sa.LargeBinary(), nullable=False),
    sa.Column('role', sa.String(length=16), nullable=True),
    sa.Column('own_door_of', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('made_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['own_door_of'], ['people.id'], name=op.f('fk_invites_own_door_of'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('token_hash', name=op.f('pk_invites'))
    )
    op.create_table('issues',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('theme', sa.String(length=16), nullable=True),
    sa.Column('area', sa.String(length=40), nullable=True),
    sa.Column('sealed', sa.LargeBinary(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reply_by', sa.Date(), nullable=True),
    sa.Column('remind_on', sa.Date(), nullable=True),
    sa.Column('missed', sa.Date(), nullable=True),
    sa.Column('unread', sa.Boolean(), server_default=sa.true(), nullable=False),
    sa.Column('consultation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.ForeignKeyConstraint(['consultation_id'], ['consultations.id'], name=op.f('fk_issues_consultation_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_issues_person_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_issues')),
    sqlite_autoincrement=True
    )
    op.create_index(op.f('ix_issues_consultation_id'), 'issues', ['consultation_id'], unique=False)
    op.create_index(op.f('ix_issues_person_id'), 'issues', ['person_id'], unique=False)
    op.create_index(op.f('ix_issues_state_remind_on'), 'issues', ['state', 'remind_on'], unique=False)
    op.create_index(op.f('ix_issues_state_reply_by'), 'issues', ['state', 'reply_by'], unique=False)
    op.create_index(op.f('ix_issues_theme_area_at'), 'issues', ['theme', 'area', 'at'], unique=False)
    op.create_table('outcomes',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('consultation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('issue_id', sa.BigInteger(), nullable=True),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=True),
    sa.Column('publish_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('zone', sa.String(length=64), nullable=True),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('people', sa.Integer(), nullable=True),
    sa.Column('made_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('(consultation_id IS NULL) <> (issue_id IS NULL)', name=op.f('ck_outcomes_one_subject')),
    sa.ForeignKeyConstraint(['consultation_id'], ['consultations.id'], name=op.f('fk_outcomes_consultation_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outcomes')),
    sa.UniqueConstraint('consultation_id', name=op.f('uq_outcomes_consultation_id')),
    sa.UniqueConstraint('issue_id', name=op.f('uq_outcomes_issue_id')),
    sqlite_autoincrement=True
    )
    op.create_index(op.f('ix_outcomes_state_publish_at'), 'outcomes', ['state', 'publish_at'], unique=False)
    op.create_index(op.f('ix_outcomes_state_published_at'), 'outcomes', ['state', 'published_at'], unique=False)
    op.create_table('quotes',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('consultation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('question', sa.String(length=64), nullable=False),
    sa.Column('hashed', sa.LargeBinary(), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['consultation_id'], ['consultations.id'], name=op.f('fk_quotes_consultation_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_quotes_person_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_quotes')),
    sa.UniqueConstraint('person_id', 'consultation_id', 'question', 'hashed', name=op.f('uq_quotes_person_id_consultation_id_question_hashed')),
    sqlite_autoincrement=True
    )
    op.create_index(op.f('ix_quotes_consultation_id'), 'quotes', ['consultation_id'], unique=False)
    op.create_table('roles',
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('role', sa.String(length=16), nullable=False),
    sa.Column('given_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_roles_person_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('person_id', 'role', name=op.f('pk_roles'))
    )
    op.create_table('kept_counts',
    sa.Column('consultation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('counted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('over', sa.Boolean(), nullable=False),
    sa.Column('people', sa.Integer(), nullable=False),
    sa.Column('tallies', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['consultation_id'], ['consultations.id'], name=op.f('fk_kept_counts_consultation_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('consultation_id', name=op.f('pk_kept_counts'))
    )
    op.create_table('taking_part',
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('consultation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['consultation_id'], ['consultations.id'], name=op.f('fk_taking_part_consultation_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_taking_part_person_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('person_id', 'consultation_id', name=op.f('pk_taking_part')),
    sqlite_with_rowid=False
    )
    op.create_index(op.f('ix_taking_part_consultation_id'), 'taking_part', ['consultation_id'], unique=False)
    op.create_table('team_names',
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_team_names_person_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('person_id', name=op.f('pk_team_names'))
    )
    op.create_table('ways',
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('way', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_ways_person_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('person_id', 'way', name=op.f('pk_ways'))
    )
    op.create_table('approvals',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('outcome_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('fingerprint', sa.String(length=64), nullable=False),
    sa.Column('publish_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('asked_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answered_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('sealed', sa.LargeBinary(), nullable=True),
    sa.ForeignKeyConstraint(['outcome_id'], ['outcomes.id'], name=op.f('fk_approvals_outcome_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_approvals')),
    sa.UniqueConstraint('outcome_id', name=op.f('uq_approvals_outcome_id')),
    sqlite_autoincrement=True
    )
    op.create_table('filings',
    sa.Column('outcome_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.ForeignKeyConstraint(['outcome_id'], ['outcomes.id'], name=op.f('fk_filings_outcome_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('outcome_id', 'kind', 'name', name=op.f('pk_filings'))
    )
    op.create_index(op.f('ix_filings_kind_name_outcome_id'), 'filings', ['kind', 'name', 'outcome_id'], unique=False)
    op.create_table('issue_entries',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('issue_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('made_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('sealed', sa.LargeBinary(), nullable=True),
    sa.Column('day', sa.Date(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['issue_id'], ['issues.id'], name=op.f('fk_issue_entries_issue_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_issue_entries')),
    sqlite_autoincrement=True
    )
    op.create_index(op.f('ix_issue_entries_at'), 'issue_entries', ['at'], unique=False)
    op.create_index(op.f('ix_issue_entries_issue_id'), 'issue_entries', ['issue_id'], unique=False)
    op.create_table('judgements',
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('outcome_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('got_it_right', sa.Boolean(), nullable=True),
    sa.Column('space', sa.String(length=8), nullable=True),
    sa.Column('voice', sa.String(length=8), nullable=True),
    sa.Column('audience', sa.String(length=8), nullable=True),
    sa.Column('influence', sa.String(length=8), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=True),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['outcome_id'], ['outcomes.id'], name=op.f('fk_judgements_outcome_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_judgements_person_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('person_id', 'outcome_id', name=op.f('pk_judgements'))
    )
    op.create_index(op.f('ix_judgements_at'), 'judgements', ['at'], unique=False)
    op.create_index(op.f('ix_judgements_outcome_id'), 'judgements', ['outcome_id'], unique=False)
    op.create_table('outbox',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('once', sa.String(length=96), nullable=False),
    sa.Column('door_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('door_kind', sa.String(length=8), nullable=False),
    sa.Column('lane', sa.String(length=12), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('about', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('broadcast_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('sealed', sa.LargeBinary(), nullable=True),
    sa.Column('quotes', sa.String(length=96), nullable=True),
    sa.Column('replaces', sa.String(length=32), nullable=True),
    sa.Column('message', sa.String(length=32), nullable=True),
    sa.Column('asked_again', sa.Integer(), server_default='0', nullable=False),
    sa.Column('due', sa.DateTime(timezone=True), nullable=False),
    sa.Column('taken_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('taken_by', sa.String(length=32), nullable=True),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('sent_with', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.ForeignKeyConstraint(['broadcast_id'], ['broadcasts.id'], name=op.f('fk_outbox_broadcast_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['door_id'], ['doors.id'], name=op.f('fk_outbox_door_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outbox')),
    sa.UniqueConstraint('once', name=op.f('uq_outbox_once')),
    sqlite_autoincrement=True
    )
    op.create_index(op.f('ix_outbox_broadcast_id_state_door_kind'), 'outbox', ['broadcast_id', 'state', 'door_kind'], unique=False, sqlite_where=sa.text('broadcast_id IS NOT NULL'), postgresql_where=sa.text('broadcast_id IS NOT NULL'))
    op.create_index(op.f('ix_outbox_door_id_id'), 'outbox', ['door_id', 'id'], unique=False)
    op.create_index(op.f('ix_outbox_state_lane_door_kind_due'), 'outbox', ['state', 'lane', 'door_kind', 'due'], unique=False)
    op.create_table('parts',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('outcome_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('decision', sa.String(length=8), nullable=True),
    sa.Column('stands', sa.String(length=8), nullable=True),
    sa.Column('due', sa.Date(), nullable=True),
    sa.Column('question', sa.String(length=64), nullable=True),
    sa.Column('quote_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('sealed', sa.LargeBinary(), nullable=True),
    sa.ForeignKeyConstraint(['outcome_id'], ['outcomes.id'], name=op.f('fk_parts_outcome_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['quote_id'], ['quotes.id'], name=op.f('fk_parts_quote_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_parts')),
    sa.UniqueConstraint('outcome_id', 'place', name=op.f('uq_parts_outcome_id_place')),
    sqlite_autoincrement=True
    )
    op.create_table('pictures',
    sa.Column('outcome_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['outcome_id'], ['outcomes.id'], name=op.f('fk_pictures_outcome_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('outcome_id', name=op.f('pk_pictures'))
    )
    op.create_table('sessions',
    sa.Column('door_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('step', sa.String(length=64), nullable=False),
    sa.Column('visit', sa.Integer(), nullable=False),
    sa.Column('notes', sa.JSON(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=True),
    sa.Column('turns', sa.Integer(), server_default='0', nullable=False),
    sa.ForeignKeyConstraint(['door_id'], ['doors.id'], name=op.f('fk_sessions_door_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('door_id', name=op.f('pk_sessions'))
    )
    op.create_table('writers',
    sa.Column('outcome_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['outcome_id'], ['outcomes.id'], name=op.f('fk_writers_outcome_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_writers_person_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('outcome_id', 'person_id', name=op.f('pk_writers'))
    )
    op.create_table('promise_moves',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('consultation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('part_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('was', sa.Date(), nullable=False),
    sa.Column('now', sa.Date(), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('moved_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('moved_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.CheckConstraint('(consultation_id IS NULL) <> (part_id IS NULL)', name=op.f('ck_promise_moves_one_promise')),
    sa.ForeignKeyConstraint(['consultation_id'], ['consultations.id'], name=op.f('fk_promise_moves_consultation_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['part_id'], ['parts.id'], name=op.f('fk_promise_moves_part_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_promise_moves')),
    sqlite_autoincrement=True
    )
    op.create_index(op.f('ix_promise_moves_consultation_id'), 'promise_moves', ['consultation_id'], unique=False)
    op.create_index(op.f('ix_promise_moves_part_id'), 'promise_moves', ['part_id'], unique=False)
    op.create_table('revisits',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('part_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('round', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('day', sa.Date(), nullable=True),
    sa.Column('due', sa.DateTime(timezone=True), nullable=True),
    sa.Column('owner_says', sa.String(length=8), nullable=True),
    sa.Column('owner_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('owner_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended', sa.String(length=8), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('sealed', sa.LargeBinary(), nullable=True),
    sa.ForeignKeyConstraint(['part_id'], ['parts.id'], name=op.f('fk_revisits_part_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_revisits')),
    sa.UniqueConstraint('part_id', 'round', name=op.f('uq_revisits_part_id_round')),
    sqlite_autoincrement=True
    )
    op.create_index(op.f('ix_revisits_state_due'), 'revisits', ['state', 'due'], unique=False)
    op.create_table('status_changes',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('consultation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('part_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('was', sa.String(length=8), nullable=False),
    sa.Column('now', sa.String(length=8), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=True),
    sa.Column('sealed', sa.LargeBinary(), nullable=True),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.CheckConstraint('(consultation_id IS NULL) <> (part_id IS NULL)', name=op.f('ck_status_changes_one_promise')),
    sa.ForeignKeyConstraint(['consultation_id'], ['consultations.id'], name=op.f('fk_status_changes_consultation_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['part_id'], ['parts.id'], name=op.f('fk_status_changes_part_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_status_changes')),
    sa.UniqueConstraint('consultation_id', 'now', name=op.f('uq_status_changes_consultation_id_now')),
    sqlite_autoincrement=True
    )
    op.create_index(op.f('ix_status_changes_part_id'), 'status_changes', ['part_id'], unique=False)
    op.create_table('revisit_answers',
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('revisit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('says', sa.String(length=8), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=True),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_revisit_answers_person_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['revisit_id'], ['revisits.id'], name=op.f('fk_revisit_answers_revisit_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('person_id', 'revisit_id', name=op.f('pk_revisit_answers'))
    )
    op.create_index(op.f('ix_revisit_answers_at'), 'revisit_answers', ['at'], unique=False)
    op.create_index(op.f('ix_revisit_answers_revisit_id_says'), 'revisit_answers', ['revisit_id', 'says'], unique=False)
