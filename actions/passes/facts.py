"""What a pass says, in the order in which it is signed, and as people read it."""

from __future__ import annotations

from dataclasses import astuple, dataclass, fields
from datetime import date, datetime, time, timedelta, tzinfo

from actions.passes.models import Pass

WHOLE_DAY = ("00:00", "24:00")
_WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True)
class Facts:
    """Everything that stands on a pass. Days are 2022-04-02, times local 07:00; empty where nothing was told."""

    serial: str
    bearer: str
    id_tail: str
    town: str
    estate: str
    purpose: str
    hospital: str
    days: str  # commas between
    begin: str
    end: str
    transport: str
    plate: str
    escort: str
    approver: str
    phone: str
    issued: str  # 2022-03-31 09:12

    @property
    def dates(self) -> tuple[date, ...]:
        """The days in order. Raises ValueError for what is none."""
        return tuple(date.fromisoformat(each) for each in self.days.split(","))


def from_row(row: Pass, zone: tzinfo) -> Facts:
    """The facts of a row."""
    return Facts(
        serial=row.serial,
        bearer=row.bearer,
        id_tail=row.id_tail,
        town=row.town,
        estate=row.estate,
        purpose=row.purpose,
        hospital=row.hospital,
        days=",".join(row.days),
        begin=row.begin,
        end=row.end,
        transport=row.transport,
        plate=row.plate,
        escort=row.escort,
        approver=row.approver,
        phone=row.phone,
        issued=row.issued_at.astimezone(zone).strftime("%Y-%m-%d %H:%M"),
    )


def from_code(values: tuple[str, ...]) -> Facts | None:
    """The facts of a signed code; None when it is of another form."""
    return Facts(*values) if len(values) == len(fields(Facts)) else None


def values(facts: Facts) -> tuple[str, ...]:
    """What is signed, in order."""
    return astuple(facts)


def valid_from(facts: Facts, zone: tzinfo) -> datetime:
    """The beginning of the first day's hours."""
    return moment(facts.dates[0], facts.begin, zone)


def valid_to(facts: Facts, zone: tzinfo) -> datetime:
    """The end of the last day's hours."""
    return moment(facts.dates[-1], facts.end, zone)


def moment(day: date, clock: str, zone: tzinfo) -> datetime:
    """A local clock time of a day; 24:00 is the next day's beginning."""
    if clock == WHOLE_DAY[1]:
        return datetime.combine(day + timedelta(days=1), time(), zone)
    return datetime.combine(day, time.fromisoformat(clock), zone)


def shown_days(facts: Facts) -> str:
    """4月2日(六)、5日(二) …"""
    words, month = [], 0
    for day in facts.dates:
        head = f"{day.month}月" if day.month != month else ""
        month = day.month
        words.append(f"{head}{day.day}日({_WEEKDAYS[day.weekday()]})")
    return "、".join(words)


def shown_hours(facts: Facts) -> str:
    """7:00–13:00; empty for whole days."""
    return "" if (facts.begin, facts.end) == WHOLE_DAY else f"{facts.begin}–{facts.end}"
