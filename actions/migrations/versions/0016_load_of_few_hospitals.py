"""how busy a few hospitals are is counted without a look at the others"""

from alembic import op

revision = "0016"
down_revision = "0015"

COLUMNS = ["hospital", "proposed_at", "status", "level", "category", "disposition", "specialty", "id"]


def upgrade() -> None:
    op.create_index("cases_by_hospital", "cases", COLUMNS)


def downgrade() -> None:
    op.drop_index("cases_by_hospital", "cases")
