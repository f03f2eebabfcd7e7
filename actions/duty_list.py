"""Who is on duty now, for what, and until when."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from actions import wording
from actions.site import Site
from actions.turn import Turn

# How far ahead the end of a duty is looked for; rosters repeat weekly.
LOOK_AHEAD_DAYS = 8
LEADING = ("DUTY", "LEADER")


def duty_list(turn: Turn) -> None:
    """The list, or the line of the department that is asked about."""
    site = turn.desk.site
    codes = [code for code in _codes(site) if turn.desk.on_duty(code) or turn.desk.on_duty(second(code))]
    wanted = [code for code in codes if _is_named(site, code, turn.message.text)]
    lines = [_line(turn, code) for code in wanted or codes]
    text = turn.say("duty_list", lines="\n".join(lines)) if lines else turn.say("nobody_on_duty")
    turn.reply("answer", text, mentions=[turn.speaker.name])


def second(code: str) -> str:
    """The code of who comes second: DUTY2 after DUTY1, OB2 after OB; the leader has none."""
    return "DUTY2" if code == "DUTY1" else f"{code}2"


def until(site: Site, code: str, at: datetime) -> datetime | None:
    """When whoever is on duty for `code` at that moment is no longer; None when that has no end."""
    now = site.on_duty(code, at)
    local = at.astimezone(site.tz)
    clock = {time for shift in site.roster if shift.code == code for time in (shift.start, shift.end)}
    days = [local.date() + timedelta(days=n) for n in range(LOOK_AHEAD_DAYS + 1)]
    moments = sorted(datetime.combine(day, time, site.tz) for day in days for time in clock)
    return next((each for each in moments if each > local and site.on_duty(code, each) != now), None)


def _codes(site: Site) -> list[str]:
    """All that anybody can be first on duty for, the coordinators in front, then as the roster has them."""
    told = [shift.code for shift in site.roster]
    told += [code for member in site.members.values() for code in member.on_call]
    others = [code.removesuffix("2") for code in told if not code.startswith(LEADING)]
    return list(dict.fromkeys(["DUTY1", "LEADER", *others]))


def _is_named(site: Site, code: str, text: str) -> bool:
    """产科谁值班, 血透谁值班: the department or the matter its experts answer for."""
    if code.startswith(LEADING):
        return False
    names = re.split(r"[（）/]", wording.specialty_name(code))
    for room in site.rooms.values():
        if room.category and code in site.expert_codes(room.category):
            names += wording.category_name(room.category).split("/")
    return any(name and name in text for name in names)


def _line(turn: Turn, code: str) -> str:
    what = turn.desk.phrases.maybe(f"duty_{code}") or wording.specialty_name(code).split("（")[0]
    people = [_person(turn, each) for each in (code, second(code)) if turn.desk.on_duty(each)]
    return turn.say("duty_line", what=what, who=turn.say("duty_second").join(people))


def _person(turn: Turn, code: str) -> str:
    end = until(turn.desk.site, code, turn.desk.now)
    name = turn.desk.on_duty(code) or ""
    return name + (turn.say("duty_until", time=_clock(turn, end)) if end else "")


def _clock(turn: Turn, moment: datetime) -> str:
    """20:00, 明天08:00, 4月6日08:00."""
    local, today = turn.desk.local(moment), turn.desk.local(turn.desk.now).date()
    if local.date() == today:
        return f"{local:%H:%M}"
    if local.date() == today + timedelta(days=1):
        return turn.say("tomorrow", time=f"{local:%H:%M}")
    return f"{local.month}月{local.day}日{local:%H:%M}"
