"""Files that were made of several."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE file ADD COLUMN made_of jsonb NOT NULL DEFAULT '[]'")
    op.execute("ALTER TABLE file ALTER COLUMN made_of DROP DEFAULT")


def downgrade() -> None:
    op.execute("ALTER TABLE file DROP COLUMN made_of")
