"""today's patients of a hospital and what happened lately are counted from indexes"""

from alembic import op

revision = "0007"
down_revision = "0006"

PROPOSAL = ["proposed_at", "status", "hospital", "level", "category", "disposition", "specialty", "id"]


def upgrade() -> None:
    op.create_index("cases_by_proposal", "cases", PROPOSAL)
    op.create_index("events_of_kind", "events", ["what", "at"])


def downgrade() -> None:
    op.drop_index("events_of_kind", "events")
    op.drop_index("cases_by_proposal", "cases")
