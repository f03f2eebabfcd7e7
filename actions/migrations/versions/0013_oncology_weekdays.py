"""radiotherapy from Monday to Friday"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.add_column("oncology_due", sa.Column("weekdays", sa.String(length=7), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("oncology_due") as table:
        table.drop_column("weekdays")
