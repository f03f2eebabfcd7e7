"""register of dialysis patients, their sessions, and passes"""

import sqlalchemy as sa
from alembic import op

import actions.base

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "dialysis_patients",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("sex", sa.String(length=1), nullable=True),
        sa.Column("age", sa.Integer(), nullable=True),
        sa.Column("town", sa.String(length=64), nullable=True),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("phone", sa.String(length=32), nullable=False),
        sa.Column("hospital", sa.String(length=128), nullable=False),
        sa.Column("days", sa.String(length=7), nullable=False),
        sa.Column("shift", sa.String(length=1), nullable=False),
        sa.Column("start", sa.String(length=5), nullable=False),
        sa.Column("transport", sa.String(length=32), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("room", sa.String(length=128), nullable=True),
        sa.Column("registered_at", actions.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("registered_by", sa.String(length=128), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("dialysis_active", "dialysis_patients", ["active"], unique=False)
    op.create_index("dialysis_by_name", "dialysis_patients", ["name"], unique=False)
    op.create_table(
        "dialysis_sessions",
        sa.Column("patient_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("hospital", sa.String(length=128), nullable=True),
        sa.Column("shift", sa.String(length=1), nullable=True),
        sa.Column("start", sa.String(length=5), nullable=True),
        sa.Column("asked_at", actions.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("post_id", sa.Integer(), nullable=True),
        sa.Column("told_at", actions.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("told_by", sa.String(length=128), nullable=True),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"],
            ["dialysis_patients.id"],
        ),
        sa.ForeignKeyConstraint(
            ["post_id"],
            ["outbox.id"],
        ),
        sa.PrimaryKeyConstraint("patient_id", "day"),
    )
    op.create_index("dialysis_sessions_of_day", "dialysis_sessions", ["day", "state"], unique=False)
    op.create_table(
        "passes",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("serial", sa.String(length=16), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("patient_id", sa.Integer(), nullable=True),
        sa.Column("bearer", sa.String(length=64), nullable=False),
        sa.Column("id_tail", sa.String(length=4), nullable=False),
        sa.Column("town", sa.String(length=64), nullable=False),
        sa.Column("estate", sa.String(length=128), nullable=False),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("hospital", sa.String(length=128), nullable=False),
        sa.Column("days", sa.JSON(), nullable=False),
        sa.Column("begin", sa.String(length=5), nullable=False),
        sa.Column("end", sa.String(length=5), nullable=False),
        sa.Column("transport", sa.String(length=32), nullable=False),
        sa.Column("plate", sa.String(length=16), nullable=False),
        sa.Column("escort", sa.String(length=32), nullable=False),
        sa.Column("approver", sa.String(length=128), nullable=False),
        sa.Column("phone", sa.String(length=32), nullable=False),
        sa.Column("issued_at", actions.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("valid_from", actions.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("valid_to", actions.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("room", sa.String(length=128), nullable=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", actions.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.String(length=128), nullable=True),
        sa.Column("outdated", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"],
            ["dialysis_patients.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("serial"),
    )
    op.create_index("passes_of_case", "passes", ["case_id"], unique=False)
    op.create_index("passes_of_patient", "passes", ["patient_id"], unique=False)


def downgrade() -> None:
    op.drop_index("passes_of_patient", table_name="passes")
    op.drop_index("passes_of_case", table_name="passes")
    op.drop_table("passes")
    op.drop_index("dialysis_sessions_of_day", table_name="dialysis_sessions")
    op.drop_table("dialysis_sessions")
    op.drop_index("dialysis_by_name", table_name="dialysis_patients")
    op.drop_index("dialysis_active", table_name="dialysis_patients")
    op.drop_table("dialysis_patients")
