"""readings and questions that wait are found without looking through all there ever were"""

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_index("consults_waiting", "consults", ["answered_at", "reminded_at", "at"])
    op.create_index("readings_of_post", "readings", ["post_id"])


def downgrade() -> None:
    op.drop_index("readings_of_post", "readings")
    op.drop_index("consults_waiting", "consults")
