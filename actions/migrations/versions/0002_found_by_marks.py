"""cases are found by marks and indexes, however many there are"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

INDEXES = (
    ("inbox_of_sender", "inbox", ["sender", "at"]),
    ("cases_by_opening", "cases", ["opened_at"]),
    ("cases_by_closing", "cases", ["closed_at"]),
    ("events_of_person", "events", ["who", "what", "at"]),
    ("outbox_of_case", "outbox", ["case_number"]),
    ("hospital_status_newest", "hospital_status", ["hospital", "department", "id"]),
    ("clarifications_of_speaker", "clarifications", ["speaker", "at"]),
    ("consults_of_room", "consults", ["asked_in", "at"]),
)


def upgrade() -> None:
    op.create_table(
        "open_marks",
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("value", sa.String(length=128), nullable=False),
        sa.Column("case_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"]),
        sa.PrimaryKeyConstraint("kind", "value", "case_id"),
    )
    op.create_index("open_marks_of_case", "open_marks", ["case_id"])
    for name, table, columns in INDEXES:
        op.create_index(name, table, columns)
    op.drop_index("outbox_of_room", "outbox")
    op.create_index("outbox_of_room", "outbox", ["room", "at"])


def downgrade() -> None:
    for name, table, _ in INDEXES:
        op.drop_index(name, table)
    op.drop_index("outbox_of_room", "outbox")
    op.create_index("outbox_of_room", "outbox", ["room"])
    op.drop_table("open_marks")
