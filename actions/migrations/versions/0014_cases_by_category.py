"""who goes to a dialysis unit is counted without reading a case"""

from alembic import op

revision = "0014"
down_revision = "0013"

COLUMNS = ["category", "status", "proposed_at", "hospital", "level", "disposition", "specialty", "id"]


def upgrade() -> None:
    op.create_index("cases_by_category", "cases", COLUMNS)


def downgrade() -> None:
    op.drop_index("cases_by_category", "cases")
