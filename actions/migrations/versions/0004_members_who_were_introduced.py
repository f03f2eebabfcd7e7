"""members whom the site pack does not know"""

import sqlalchemy as sa
from alembic import op

from actions.models import UtcDateTime

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "members",
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("rooms", sa.JSON(), nullable=False),
        sa.Column("hospital", sa.String(length=128), nullable=True),
        sa.Column("town", sa.String(length=64), nullable=True),
        sa.Column("said_by", sa.String(length=128), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )


def downgrade() -> None:
    op.drop_table("members")
