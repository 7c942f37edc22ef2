"""Uploads that can be resumed, mapping templates by header, and the evidence of a reading."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

UP = (
    """ALTER TABLE file
        ADD COLUMN settled jsonb NOT NULL DEFAULT '[]',
        ADD COLUMN reused jsonb,
        ADD COLUMN header_fingerprint text,
        ADD COLUMN evidence jsonb NOT NULL DEFAULT '{}'""",
    "ALTER TABLE file ALTER COLUMN settled DROP DEFAULT, ALTER COLUMN evidence DROP DEFAULT",
    """CREATE TABLE upload (
        id uuid CONSTRAINT pk_upload PRIMARY KEY,
        project_id uuid NOT NULL CONSTRAINT fk_upload_project_id_project REFERENCES project (id) ON DELETE CASCADE,
        name text NOT NULL,
        size_bytes bigint NOT NULL,
        modified_ms bigint NOT NULL,
        sha256 text,
        file_id uuid,
        created_by uuid NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        touched_at timestamptz NOT NULL DEFAULT now())""",
    """CREATE UNIQUE INDEX uq_upload_open ON upload (project_id, created_by, name, size_bytes, modified_ms)
        WHERE file_id IS NULL""",
    "CREATE INDEX ix_upload_touched_at ON upload (touched_at)",
    """CREATE TABLE mapping_template (
        id uuid CONSTRAINT pk_mapping_template PRIMARY KEY,
        project_id uuid NOT NULL CONSTRAINT fk_mapping_template_project_id_project REFERENCES project (id) ON DELETE CASCADE,
        header_fingerprint text NOT NULL,
        format text NOT NULL,
        header jsonb NOT NULL,
        settled jsonb NOT NULL,
        file_name text NOT NULL,
        used_count integer NOT NULL,
        saved_by uuid NOT NULL,
        saved_by_name text NOT NULL,
        saved_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT uq_mapping_template_project_id_header_fingerprint UNIQUE (project_id, header_fingerprint))""",
)


def upgrade() -> None:
    for statement in UP:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE mapping_template, upload")
    op.execute("ALTER TABLE file DROP COLUMN settled, DROP COLUMN reused, DROP COLUMN header_fingerprint, DROP COLUMN evidence")
