"""Rulesets, reconciliations, decisions, and the results: matches, members and exceptions in one partition a job, with their
tallies.
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

UP = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",  # finds any part of a label or reference among a million
    """CREATE TABLE ruleset (
        id uuid CONSTRAINT pk_ruleset PRIMARY KEY,
        project_id uuid NOT NULL CONSTRAINT fk_ruleset_project_id_project REFERENCES project (id) ON DELETE CASCADE,
        name text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now())""",
    "CREATE INDEX ix_ruleset_project ON ruleset (project_id, created_at DESC, id DESC)",
    """CREATE TABLE ruleset_version (
        id uuid CONSTRAINT pk_ruleset_version PRIMARY KEY,
        ruleset_id uuid NOT NULL CONSTRAINT fk_ruleset_version_ruleset_id_ruleset REFERENCES ruleset (id) ON DELETE CASCADE,
        version integer NOT NULL,
        yaml text NOT NULL,
        created_by uuid NOT NULL,
        created_by_name text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT uq_ruleset_version_ruleset_id_version UNIQUE (ruleset_id, version))""",
    """CREATE TABLE reconciliation (
        id uuid CONSTRAINT pk_reconciliation PRIMARY KEY,
        project_id uuid NOT NULL CONSTRAINT fk_reconciliation_project_id_project REFERENCES project (id) ON DELETE CASCADE,
        name text NOT NULL,
        left_file_id uuid NOT NULL CONSTRAINT fk_reconciliation_left_file_id_file REFERENCES file (id),
        right_file_id uuid NOT NULL CONSTRAINT fk_reconciliation_right_file_id_file REFERENCES file (id),
        left_dataset_id uuid NOT NULL CONSTRAINT fk_reconciliation_left_dataset_id_dataset REFERENCES dataset (id),
        right_dataset_id uuid NOT NULL CONSTRAINT fk_reconciliation_right_dataset_id_dataset REFERENCES dataset (id),
        ruleset_version_id uuid CONSTRAINT fk_reconciliation_ruleset_version_id_ruleset_version REFERENCES ruleset_version (id),
        ruleset_yaml text,
        created_by_name text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        amount_scale smallint NOT NULL,
        revision integer NOT NULL,
        suggested integer NOT NULL,
        confirmed integer NOT NULL,
        exceptions integer NOT NULL,
        result_hash text,
        artefacts jsonb NOT NULL,
        summary jsonb)""",
    "CREATE INDEX ix_reconciliation_project ON reconciliation (project_id, created_at DESC, id DESC)",
    "CREATE INDEX ix_reconciliation_left_file ON reconciliation (left_file_id)",
    "CREATE INDEX ix_reconciliation_right_file ON reconciliation (right_file_id)",
    """CREATE TABLE decision (
        id uuid CONSTRAINT pk_decision PRIMARY KEY,
        project_id uuid NOT NULL CONSTRAINT fk_decision_project_id_project REFERENCES project (id) ON DELETE CASCADE,
        job_id uuid NOT NULL,
        match_id integer NOT NULL,
        action text NOT NULL CONSTRAINT ck_decision_action CHECK (action IN ('accept', 'reject')),
        left_keys text[] NOT NULL,
        right_keys text[] NOT NULL,
        decided_by uuid NOT NULL,
        decided_by_name text NOT NULL,
        decided_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        undone_by uuid,
        undone_at timestamptz)""",
    "CREATE INDEX ix_decision_job ON decision (job_id, decided_at DESC, id DESC)",
    "CREATE INDEX ix_decision_match ON decision (job_id, match_id)",
    "CREATE INDEX ix_decision_project ON decision (project_id, decided_at)",
    # what lists filter and count by comes first: a scan takes a row apart only as far as it must
    """CREATE TABLE match (
        job_id uuid NOT NULL, match_id integer NOT NULL, left_count integer NOT NULL, right_count integer NOT NULL,
        version integer NOT NULL DEFAULT 1, confidence double precision NOT NULL, ambiguous boolean NOT NULL,
        status text NOT NULL, method text NOT NULL, amount_minor bigint, currency text, decided_at timestamptz, value_date date,
        pass_name text NOT NULL, engine_status text NOT NULL, left_label text NOT NULL, right_label text NOT NULL, reference text,
        residual_minor bigint, reason text, runner_up_confidence double precision, runner_up_left_row bigint,
        runner_up_right_row bigint, decided_by uuid, decided_by_name text, search text NOT NULL
        ) PARTITION BY LIST (job_id)""",
    """CREATE TABLE match_item (
        job_id uuid NOT NULL, match_id integer NOT NULL, side text NOT NULL, "row" bigint NOT NULL, currency text, amount_minor
        bigint
        ) PARTITION BY LIST (job_id)""",
    """CREATE TABLE exception (
        job_id uuid NOT NULL, place bigint NOT NULL, side text NOT NULL, "row" bigint NOT NULL, type text NOT NULL, state text
        NOT NULL, reason text NOT NULL,
        label text NOT NULL, reference text, amount_minor bigint, currency text, value_date date, best_rival_row bigint,
        best_confidence double precision,
        origin_match_id integer, search text NOT NULL
        ) PARTITION BY LIST (job_id)""",
    """CREATE TABLE match_tally (
        job_id uuid NOT NULL, pass_name text NOT NULL, method text NOT NULL, status text NOT NULL, decided boolean NOT NULL,
        ambiguous boolean NOT NULL,
        currency text NOT NULL, confidence_percent smallint NOT NULL, matches bigint NOT NULL, left_rows bigint NOT NULL,
        right_rows bigint NOT NULL,
        amount_minor numeric, wrong_expected double precision NOT NULL,
        CONSTRAINT pk_match_tally PRIMARY KEY (job_id, pass_name, method, status, decided, ambiguous, currency,
        confidence_percent))""",
    """CREATE TABLE exception_tally (
        job_id uuid NOT NULL, side text NOT NULL, type text NOT NULL, state text NOT NULL, currency text NOT NULL, exceptions
        bigint NOT NULL,
        amount_minor numeric, CONSTRAINT pk_exception_tally PRIMARY KEY (job_id, side, type, state, currency))""",
    """CREATE TABLE balance (
        job_id uuid NOT NULL, side text NOT NULL, currency text NOT NULL, state text NOT NULL, records bigint NOT NULL, sum_minor
        numeric NOT NULL,
        turnover_minor numeric NOT NULL,
        CONSTRAINT pk_balance PRIMARY KEY (job_id, side, currency, state))""",
    # whoever deletes a reconciliation, be it with its whole project, deletes its results with it
    """CREATE FUNCTION forget_results() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE parent text;
        BEGIN
            FOREACH parent IN ARRAY ARRAY['match', 'match_item', 'exception'] LOOP
                EXECUTE format('DROP TABLE IF EXISTS %I', parent || '_' || replace(OLD.id::text, '-', ''));
            END LOOP;
            DELETE FROM match_tally WHERE job_id = OLD.id;
            DELETE FROM exception_tally WHERE job_id = OLD.id;
            DELETE FROM balance WHERE job_id = OLD.id;
            DELETE FROM job WHERE id = OLD.id;
            RETURN NULL;
        END $$""",
    "CREATE TRIGGER forget_results AFTER DELETE ON reconciliation FOR EACH ROW EXECUTE FUNCTION forget_results()",
)


def upgrade() -> None:
    for statement in UP:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE balance, exception_tally, match_tally, exception, match_item, match, decision, reconciliation")
    op.execute("DROP TABLE ruleset_version, ruleset")
    op.execute("DROP FUNCTION forget_results")
    op.execute("DROP EXTENSION pg_trgm")
