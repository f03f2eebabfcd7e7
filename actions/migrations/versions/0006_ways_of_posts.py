"""posts know which way they took; rooms and members are kept as a channel's platform calls them"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "channel_places",
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("platform_id", sa.String(length=128), nullable=False),
        sa.PrimaryKeyConstraint("channel", "kind", "name"),
    )
    op.add_column("outbox", sa.Column("channel", sa.String(length=32), nullable=True))
    op.add_column("outbox", sa.Column("channel_id", sa.String(length=128), nullable=True))
    op.create_index("outbox_of_channel", "outbox", ["channel", "channel_id"])


def downgrade() -> None:
    op.drop_index("outbox_of_channel", "outbox")
    op.drop_column("outbox", "channel_id")
    op.drop_column("outbox", "channel")
    op.drop_table("channel_places")
