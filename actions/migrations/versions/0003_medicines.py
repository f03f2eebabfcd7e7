"""what is wanted of each medicine request, pictures read, and consultations reminded of"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "medicines",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("patient", sa.String(length=32), nullable=True),
        sa.Column("drug", sa.String(length=64), nullable=False),
        sa.Column("brand", sa.String(length=64), nullable=True),
        sa.Column("strength", sa.String(length=32), nullable=True),
        sa.Column("pack", sa.String(length=16), nullable=True),
        sa.Column("form", sa.String(length=16), nullable=True),
        sa.Column("quantity", sa.String(length=32), nullable=True),
        sa.Column("days_left", sa.Integer(), nullable=True),
        sa.Column("card", sa.String(length=8), nullable=True),
        sa.Column("screens", sa.JSON(), nullable=False),
        sa.Column("apart", sa.Boolean(), nullable=False),
        sa.Column("step", sa.String(length=16), nullable=False),
        sa.Column("taken_by", sa.String(length=128), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("bought_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.String(length=16), nullable=True),
        sa.Column("problem_at", sa.String(length=128), nullable=True),
        sa.Column("problem_by", sa.String(length=128), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("medicines_of_case", "medicines", ["case_id"])
    op.create_table(
        "readings",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("room", sa.String(length=128), nullable=True),
        sa.Column("speaker", sa.String(length=128), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["inbox.id"]),
        sa.ForeignKeyConstraint(["post_id"], ["outbox.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("readings_of_speaker", "readings", ["speaker", "at"])
    with op.batch_alter_table("consults", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("answered_by", sa.String(length=128), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("consults", schema=None) as batch_op:
        batch_op.drop_column("answered_by")
        batch_op.drop_column("reminded_at")
    op.drop_index("readings_of_speaker", "readings")
    op.drop_table("readings")
    op.drop_index("medicines_of_case", "medicines")
    op.drop_table("medicines")
