"""dates of chemo- and radiotherapy, care of lines, and the end of medicines"""

import sqlalchemy as sa
from alembic import op

from actions.models import UtcDateTime

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "oncology_due",
        sa.Column("case_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("last", sa.Date(), nullable=True),
        sa.Column("every", sa.Integer(), nullable=True),
        sa.Column("left", sa.Integer(), nullable=True),
        sa.Column("stopped", sa.Boolean(), nullable=False),
        sa.Column("told_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("told_by", sa.String(length=128), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"]),
        sa.PrimaryKeyConstraint("case_id", "kind"),
    )
    op.create_index("oncology_due_by_day", "oncology_due", ["stopped", "day"])
    op.create_index("oncology_due_by_last", "oncology_due", ["last"])


def downgrade() -> None:
    op.drop_table("oncology_due")
