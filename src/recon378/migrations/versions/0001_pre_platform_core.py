"""Accounts, projects, the audit trail, the job queue and the event messages.

Revision ID: 0001
"""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ACCOUNTS = """
CREATE TABLE app_user (
    id uuid CONSTRAINT pk_app_user PRIMARY KEY,
    email text NOT NULL CONSTRAINT uq_app_user_email UNIQUE CONSTRAINT ck_app_user_email_lower CHECK (email = lower(email)),
    name text NOT NULL,
    password_hash text NOT NULL,
    security_stamp uuid NOT NULL,
    is_administrator boolean NOT NULL DEFAULT false,
    is_active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE user_session (
    id uuid CONSTRAINT pk_user_session PRIMARY KEY,
    user_id uuid NOT NULL CONSTRAINT fk_user_session_user_id_app_user REFERENCES app_user (id) ON DELETE CASCADE,
    generation integer NOT NULL,
    rotated_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    revoked_reason text,
    address text NOT NULL,
    user_agent text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ix_user_session_user ON user_session (user_id, created_at);
CREATE INDEX ix_user_session_expires_at ON user_session (expires_at);
"""

PROJECTS = """
CREATE TABLE project (
    id uuid CONSTRAINT pk_project PRIMARY KEY,
    name text NOT NULL,
    description text NOT NULL DEFAULT '',
    created_by uuid NOT NULL CONSTRAINT fk_project_created_by_app_user REFERENCES app_user (id),
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ix_project_created_at ON project (created_at, id);
CREATE TABLE membership (
    project_id uuid CONSTRAINT fk_membership_project_id_project REFERENCES project (id) ON DELETE CASCADE,
    user_id uuid CONSTRAINT fk_membership_user_id_app_user REFERENCES app_user (id) ON DELETE CASCADE,
    role text NOT NULL CONSTRAINT ck_membership_role CHECK (role IN ('viewer', 'preparer', 'reviewer', 'approver', 'owner')),
    joined_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_membership PRIMARY KEY (project_id, user_id)
);
CREATE INDEX ix_membership_user ON membership (user_id);
"""

REFUSE_CHANGE = """
CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The audit trail is append-only: % is refused.', TG_OP;
END $$
"""

AUDIT = """
CREATE TABLE audit_event (
    id bigint CONSTRAINT pk_audit_event PRIMARY KEY,
    at timestamptz NOT NULL,
    actor_id uuid,
    actor_name text NOT NULL,
    address text NOT NULL,
    request_id text NOT NULL,
    project_id uuid,
    action text NOT NULL,
    object_type text NOT NULL,
    object_id text NOT NULL,
    before jsonb,
    after jsonb,
    reason text NOT NULL,
    previous_hash text NOT NULL,
    hash text NOT NULL
);
CREATE INDEX ix_audit_event_object ON audit_event (object_type, object_id);
CREATE INDEX ix_audit_event_project ON audit_event (project_id, id);
CREATE TABLE audit_head (
    singleton boolean CONSTRAINT pk_audit_head PRIMARY KEY CONSTRAINT ck_audit_head_singleton CHECK (singleton),
    event_id bigint NOT NULL,
    hash text NOT NULL
);
INSERT INTO audit_head VALUES (true, 0, repeat('0', 64));
CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
CREATE TRIGGER audit_head_stays BEFORE DELETE OR TRUNCATE ON audit_head FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
"""

QUEUE = """
CREATE TABLE job (
    id uuid CONSTRAINT pk_job PRIMARY KEY,
    kind text NOT NULL,
    project_id uuid NOT NULL,
    subject_id uuid NOT NULL,
    created_by uuid NOT NULL,
    status text NOT NULL CONSTRAINT ck_job_status CHECK (status IN ('queued', 'running', 'done', 'failed', 'cancelled')),
    priority integer NOT NULL CONSTRAINT ck_job_priority CHECK (priority BETWEEN 0 AND 9),
    progress jsonb,
    progress_sequence integer NOT NULL,
    checkpoint jsonb,
    attempts integer NOT NULL,
    lease_until timestamptz,
    heartbeat_at timestamptz,
    fencing_number integer NOT NULL,
    worker text,
    error text,
    cancel_requested boolean NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    started_at timestamptz,
    finished_at timestamptz
);
CREATE INDEX ix_job_waiting ON job (priority DESC, created_at, id) WHERE status = 'queued';
CREATE INDEX ix_job_lease ON job (lease_until) WHERE status = 'running';
CREATE INDEX ix_job_project ON job (project_id, kind, created_at DESC, id DESC);
CREATE INDEX ix_job_subject ON job (subject_id);
CREATE INDEX ix_job_finished ON job (kind, finished_at) WHERE status = 'done';
"""

EVENTS = """
CREATE TABLE event_topic (
    topic text CONSTRAINT pk_event_topic PRIMARY KEY,
    sequence bigint NOT NULL
);
CREATE TABLE event_message (
    topic text,
    sequence bigint,
    type text NOT NULL,
    data jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_event_message PRIMARY KEY (topic, sequence)
);
CREATE INDEX ix_event_message_created_at ON event_message (created_at);
"""


def upgrade() -> None:
    op.execute(REFUSE_CHANGE)
    for part in (ACCOUNTS, PROJECTS, AUDIT, QUEUE, EVENTS):
        for statement in statements(part):
            op.execute(statement)


def downgrade() -> None:
    for table in (
        "event_message",
        "event_topic",
        "job",
        "audit_head",
        "audit_event",
        "membership",
        "project",
        "user_session",
        "app_user",
    ):
        op.execute(f"DROP TABLE {table}")
    op.execute("DROP FUNCTION refuse_audit_change()")


def statements(part: str) -> list[str]:
    """The statements of a part one by one, as asyncpg wants them."""
    return [statement for statement in part.split(";\n") if statement.strip()]
