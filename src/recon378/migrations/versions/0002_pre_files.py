"""Files, their datasets and the rows that could not be read."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

UP = (
    """CREATE TABLE file (
        id uuid CONSTRAINT pk_file PRIMARY KEY,
        project_id uuid NOT NULL CONSTRAINT fk_file_project_id_project REFERENCES project (id) ON DELETE CASCADE,
        name text NOT NULL,
        size_bytes bigint NOT NULL,
        sha256 text NOT NULL,
        status text NOT NULL CONSTRAINT ck_file_status CHECK (status IN ('stored', 'reading', 'question', 'ready', 'rejected')),
        format text,
        encoding text,
        delimiter text,
        header_line integer,
        rows_imported integer NOT NULL,
        rows_rejected integer NOT NULL,
        rows_skipped integer NOT NULL,
        columns jsonb NOT NULL,
        warnings jsonb NOT NULL,
        questions jsonb NOT NULL,
        answers jsonb NOT NULL,
        error text,
        dataset_id uuid,
        uploaded_by uuid NOT NULL,
        uploaded_by_name text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT uq_file_project_id_sha256 UNIQUE (project_id, sha256))""",
    "CREATE INDEX ix_file_project ON file (project_id, created_at DESC, id DESC)",
    "CREATE INDEX ix_file_sha256 ON file (sha256)",
    """CREATE TABLE dataset (
        id uuid CONSTRAINT pk_dataset PRIMARY KEY,
        file_id uuid NOT NULL CONSTRAINT fk_dataset_file_id_file REFERENCES file (id) ON DELETE CASCADE,
        sha256 text NOT NULL,
        row_count integer NOT NULL,
        meaning jsonb NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now())""",
    "CREATE INDEX ix_dataset_file ON dataset (file_id)",
    "CREATE INDEX ix_dataset_sha256 ON dataset (sha256)",
    """CREATE TABLE row_error (
        file_id uuid NOT NULL CONSTRAINT fk_row_error_file_id_file REFERENCES file (id) ON DELETE CASCADE,
        number integer NOT NULL,
        line integer NOT NULL,
        reason text NOT NULL,
        raw text NOT NULL,
        CONSTRAINT pk_row_error PRIMARY KEY (file_id, number))""",
)


def upgrade() -> None:
    for statement in UP:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE row_error, dataset, file")
