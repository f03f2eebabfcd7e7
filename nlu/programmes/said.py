"""What the messages of a programme of care say: result types, without anything that reads them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta


@dataclass(frozen=True)
class Visits:
    """What is said of when. Empty where nothing is: `first`…`last` a range, `single` days named one by one."""

    first: date | None = None
    last: date | None = None
    single: tuple[date, ...] = ()
    weekdays: frozenset[int] = frozenset()
    """1 Monday … 7 Sunday."""
    shift: str | None = None
    begin: time | None = None
    end: time | None = None

    @property
    def dated(self) -> bool:
        """Whether days of the calendar are named."""
        return bool(self.single) or self.last is not None

    def days(self, weekdays: frozenset[int] = frozenset()) -> tuple[date, ...]:
        """The days meant, in order; of a range those of its weekdays, said here or else given."""
        chosen = self.weekdays or weekdays
        found = set(self.single)
        if self.first is not None and self.last is not None:
            length = (self.last - self.first).days + 1
            ranged = [self.first + timedelta(days=n) for n in range(length)]
            found |= {day for day in ranged if not chosen or day.isoweekday() in chosen}
        return tuple(sorted(found))


@dataclass(frozen=True)
class PassWords:
    """A message about a pass. `wants`: issue, withdraw, or None when it only brings dates for one."""

    wants: str | None
    serials: tuple[str, ...]
    when: Visits
    transport: str | None
    plate: str | None
    escort: str | None
    id_tail: str | None


@dataclass(frozen=True)
class RegisterLine:
    """One patient of the register as a line of a message writes him."""

    text: str
    name: str
    age: int | None
    when: Visits
    transport: str | None


@dataclass(frozen=True)
class DialysisWords:
    """A message about dialysis patients. `does`: register, change, end, done, missed, list; None for none of these."""

    does: str | None
    everybody: bool
    excepted: str
    """The words that except somebody: 李四 of 除了李四都透完了."""
    when: Visits
    transport: str | None
    absent: bool = False
    """Whether it says of somebody that he did not come, whatever else it says."""
    lines: tuple[RegisterLine, ...] = ()


@dataclass(frozen=True)
class OncologyDate:
    """What one message says of one kind of care. Empty where nothing is said.

    `day` is to come, `last` was; `every` days apart; `left` how many there are still to be.
    """

    kind: str
    day: date | None = None
    last: date | None = None
    every: int | None = None
    left: int | None = None
    stops: bool = False
    weekdays: frozenset[int] = frozenset()
    """Of a rhythm only these, 1 Monday … 7 Sunday; empty: any."""


@dataclass(frozen=True)
class Baby:
    """A newborn as far as told. `sex`: M or F; weight in `grams`."""

    sex: str | None = None
    grams: int | None = None


@dataclass(frozen=True)
class Birth:
    """The end of a pregnancy. `kind`: birth or loss; `how`: vaginal, caesarean, assisted, None when not told."""

    kind: str
    day: date
    how: str | None = None
    babies: tuple[Baby, ...] = ()


@dataclass(frozen=True)
class MaternalWords:
    """A message about a mother: the birth or loss, the day she left hospital, whether a visit after it is done."""

    birth: Birth | None = None
    left: date | None = None
    visited: bool = False
    unborn: bool = False
    """Whether it denies a birth that was told: 搞错了，还没生."""
    closes: bool = False
    """Whether it says in so many words that the case is to be closed."""
    another: bool = False
    """Whether it tells of the writer's own people or neighbours."""
