"""The reason of what is left of a match's amounts, as the engine gives it: fee, rounding, fx or tolerance."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE match ADD COLUMN residual_reason text")


def downgrade() -> None:
    op.execute("ALTER TABLE match DROP COLUMN residual_reason")
