"""full names of pregnant women and new mothers, by which their cases are found"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
LONGEST = 8


def upgrade() -> None:
    names = op.create_table(
        "mother_names",
        sa.Column("name", sa.String(length=LONGEST), nullable=False),
        sa.Column("case_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"]),
        sa.PrimaryKeyConstraint("name", "case_id"),
    )
    cases = sa.table(
        "cases",
        sa.column("id", sa.Integer()),
        sa.column("category", sa.String()),
        sa.column("fields", sa.JSON()),
    )
    known = op.get_bind().execute(sa.select(cases.c.id, cases.c.fields).where(cases.c.category == "MATERNAL"))
    rows = [
        {"name": name, "case_id": case_id}
        for case_id, fields in known
        for name in dict.fromkeys(str(each)[:LONGEST] for each in (fields or {}).get("called", []))
        if len(name) > 1
    ]
    if rows:
        op.bulk_insert(names, rows)


def downgrade() -> None:
    op.drop_table("mother_names")
