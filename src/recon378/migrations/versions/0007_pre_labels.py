"""Confirmations of many matches at once, marked on each decision, and the order in which matches are drawn for labelling."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

UP = (
    "ALTER TABLE match ADD COLUMN labelling_place integer",
    "ALTER TABLE decision ADD COLUMN bulk_id uuid",
    "CREATE INDEX ix_decision_bulk ON decision (bulk_id) WHERE bulk_id IS NOT NULL",
    """CREATE TABLE bulk_decision (
        id uuid CONSTRAINT pk_bulk_decision PRIMARY KEY,
        project_id uuid NOT NULL CONSTRAINT fk_bulk_decision_project_id_project REFERENCES project (id) ON DELETE CASCADE,
        job_id uuid NOT NULL,
        wrong_share double precision NOT NULL,
        threshold double precision NOT NULL,
        matches integer NOT NULL,
        decided_by uuid NOT NULL,
        decided_by_name text NOT NULL,
        decided_at timestamptz NOT NULL,
        undone_by uuid,
        undone_by_name text,
        undone_at timestamptz)""",
    "CREATE INDEX ix_bulk_decision_job ON bulk_decision (job_id, decided_at DESC)",
)


def upgrade() -> None:
    for statement in UP:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE bulk_decision")
    op.execute("ALTER TABLE decision DROP COLUMN bulk_id")
    op.execute("ALTER TABLE match DROP COLUMN labelling_place")
