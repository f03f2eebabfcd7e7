"""closings that are announced begin later"""

import sqlalchemy as sa
from alembic import op

from actions.models import UtcDateTime

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    with op.batch_alter_table("hospital_status") as table:
        table.add_column(sa.Column("since", UtcDateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("hospital_status") as table:
        table.drop_column("since")
