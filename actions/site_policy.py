"""Reading the policy: the defaults of data/protocol with what a site.yml changes laid over them."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from actions.site_files import Faults, Tree, hint, read_time, read_yaml
from actions.site_types import (
    CATEGORIES,
    PERMISSION_ACTS,
    ROLES,
    SCOPES,
    SPECIALTIES,
    Permission,
    Policy,
    PolicyReminder,
    Weights,
)

PROTOCOL = Path(__file__).resolve().parent.parent / "data" / "protocol"
POLICY_KEYS = tuple(f.name for f in fields(Policy))

_TIMES = (
    "medicine_batch",
    "digest",
    "next_day_question",
    "call_back",
    "dialysis_list",
    "oncology_list",
    "postnatal_list",
)
_COUNTS = (
    "medicine_second_hours",
    "consult_remind_min",
    "call_back_days",
    "reopen_hours",
    "refusal_silence_min",
    "dialysis_missed_hours",
    "pass_before_min",
    "pass_after_hours",
)
DIALYSIS_SHIFTS = ("早", "中", "晚")
_WORDS = ("online_entry", "board")
_DISTANCES = ("own_urgent_km", "assumed_km")
_MAY_BE_NONE = ("second_min", "leader_min", "after_ack_at", "quiet_from", "quiet_to")
_WEIGHTS = tuple(f.name for f in fields(Weights))
_REMINDER_KEYS = tuple(f.name for f in fields(PolicyReminder) if f.name != "level")


@dataclass
class _Draft:
    """The policy while files are laid over each other."""

    reminders: dict[int, dict[str, Any]]
    permissions: dict[str, dict[str, Permission]]
    plain: dict[str, Any]
    matching: dict[str, Any]


def read_policy(site: Tree | None, faults: Faults) -> Policy | None:
    """The policy of a place; None when a default is missing or broken. `site` is its site.yml."""
    draft = _Draft({level: {} for level in (1, 2, 3, 4)}, {}, {}, {})
    defaults = read_yaml(PROTOCOL / "policy.yml", faults)
    if defaults is not None:
        _lay(draft, defaults, faults, every_key=True)
    permissions = read_yaml(PROTOCOL / "permissions.yml", faults)
    if permissions is not None:
        _permissions(draft, permissions, (), permissions.value, faults)
    if site is not None:
        _lay(draft, site, faults, every_key=False)
    given = {*draft.plain, "reminders", "permissions", "matching"}
    required = [k for k in POLICY_KEYS if k not in given]
    required += [f"matching: {k}" for k in _WEIGHTS if k not in draft.matching]
    short = [
        lv
        for lv, r in draft.reminders.items()
        if any(k not in r and k not in _MAY_BE_NONE for k in _REMINDER_KEYS)
    ]
    if required or short or permissions is None:
        if required or short:
            what = (
                f"{required[0]} is missing" if required else f"reminders of level {short[0]} are incomplete"
            )
            faults.add(PROTOCOL / "policy.yml", None, what)
        return None
    reminders = {lv: PolicyReminder(level=lv, **values) for lv, values in draft.reminders.items()}
    weights = Weights(**draft.matching)
    return Policy(reminders=reminders, permissions=draft.permissions, matching=weights, **draft.plain)


def _lay(draft: _Draft, tree: Tree, faults: Faults, every_key: bool) -> None:
    if not isinstance(tree.value, dict):
        faults.add(tree.path, 1, "must be keys with values (key: value)")
        return
    for key, value in tree.value.items():
        if key == "reminders":
            _reminders(draft, tree, value, faults)
        elif key == "permissions":
            _permissions(draft, tree, (key,), value, faults)
        elif key == "matching":
            _matching(draft, tree, value, faults)
        elif key in POLICY_KEYS:
            read = _plain_value(tree, key, value, faults)
            if read is not None:
                old = draft.plain.get(key)
                draft.plain[key] = (
                    {**old, **read} if isinstance(read, dict) and isinstance(old, dict) else read
                )
        elif every_key:
            faults.add(tree.path, tree.line(key), f"{key} is no policy; known are {', '.join(POLICY_KEYS)}")


def _reminders(draft: _Draft, tree: Tree, value: object, faults: Faults) -> None:
    if not isinstance(value, dict):
        faults.add(tree.path, tree.line("reminders"), "reminders: give them by level (1: {ack_min: 2, …})")
        return
    for level, changes in value.items():
        line = tree.line("reminders", level)
        if level not in draft.reminders or not isinstance(changes, dict):
            faults.add(tree.path, line, f"reminders: {level} must be a level from 1 to 4 with its minutes")
            continue
        for key, given in changes.items():
            line = tree.line("reminders", level, key)
            if key not in _REMINDER_KEYS:
                fault = f"reminders: {key} is unknown{hint(key, _REMINDER_KEYS)}"
                faults.add(tree.path, line, f"{fault}; known are {', '.join(_REMINDER_KEYS)}")
                continue
            if given is None and key in _MAY_BE_NONE:
                draft.reminders[level][key] = None
            elif key in ("after_ack_at", "quiet_from", "quiet_to"):
                at = read_time(given)
                if at is None:
                    faults.add(tree.path, line, f'reminders: {key} must be a time like "22:00"')
                else:
                    draft.reminders[level][key] = at
            elif isinstance(given, int) and not isinstance(given, bool) and given > 0:
                draft.reminders[level][key] = given
            else:
                faults.add(tree.path, line, f"reminders: {key} must be a number of minutes above 0")


def _matching(draft: _Draft, tree: Tree, value: object, faults: Faults) -> None:
    if not isinstance(value, dict):
        faults.add(tree.path, tree.line("matching"), "matching: give weights (matching: {load_km: 8})")
        return
    for key, given in value.items():
        line = tree.line("matching", key)
        if key not in _WEIGHTS:
            faults.add(tree.path, line, f"matching: {key} is unknown; known are {', '.join(_WEIGHTS)}")
            continue
        read, must = _weight(key, given)
        if read is None:
            faults.add(tree.path, line, f"matching: {key} must be {must}")
        else:
            draft.matching[key] = read


def _weight(key: str, given: Any) -> tuple[Any, str]:
    """The value of one weight, or None, with what it must be."""
    if key.startswith("outpatient_"):
        return read_time(given), 'a time like "08:00"'
    if key == "usual_places":
        good = isinstance(given, int) and not isinstance(given, bool) and given > 0
        return (given if good else None), "a number above 0"
    good = _number(given) and 0 <= given < math.inf
    return (float(given) if good else None), "a number, 0 or more"


def _permissions(draft: _Draft, tree: Tree, at: tuple[str, ...], value: object, faults: Faults) -> None:
    if not isinstance(value, dict):
        faults.add(tree.path, tree.line(*at), "permissions: give them by role (contact: {close: own_report})")
        return
    for role, acts in value.items():
        if role not in ROLES or not isinstance(acts, dict):
            line = tree.line(*at, role)
            faults.add(
                tree.path, line, f"permissions: {role} must be one of {', '.join(ROLES)} with its acts"
            )
            continue
        for act, given in acts.items():
            line = tree.line(*at, role, act)
            if act not in PERMISSION_ACTS:
                fault = f"permissions: {act} is no act{hint(act, PERMISSION_ACTS)}"
                faults.add(tree.path, line, f"{fault}; known are {', '.join(PERMISSION_ACTS)}")
                continue
            if given in (None, False, "none"):
                draft.permissions.setdefault(role, {}).pop(act, None)
                continue
            permission = _permission(given)
            if permission is None:
                must = f"none, one of {', '.join(SCOPES)}, or {{scope, levels, only: unanswered}}"
                faults.add(tree.path, line, f"permissions: {act} of {role} must be {must}")
                continue
            draft.permissions.setdefault(role, {})[act] = permission


def _permission(given: object) -> Permission | None:
    if isinstance(given, str):
        return Permission(scope=given) if given in SCOPES else None
    if not isinstance(given, dict) or set(given) - {"scope", "levels", "only"}:
        return None
    permission = Permission(scope=given.get("scope", "any"))
    if permission.scope not in SCOPES or given.get("only") not in (None, "unanswered"):
        return None
    levels = given.get("levels", [1, 2, 3, 4])
    if not isinstance(levels, list) or any(lv not in (1, 2, 3, 4) for lv in levels):
        return None
    return replace(permission, levels=tuple(levels), only=given.get("only"))


def _plain_value(tree: Tree, key: str, value: Any, faults: Faults) -> Any:
    """The value of one policy key, or None after noting why it is none."""
    read: Any
    if key in _TIMES:
        read, must = read_time(value), 'a time like "08:00"'
    elif key in _COUNTS:
        read, must = (
            (value if _number(value) and isinstance(value, int) and value > 0 else None),
            "a number above 0",
        )
    elif key in _DISTANCES:
        read, must = (float(value) if _number(value) and value >= 0 else None), "a distance in km"
    elif key in _WORDS:
        read, must = (value if isinstance(value, str) else None), 'a few words, or ""'
    elif key == "dialysis_shifts":
        read, must = _shifts(value), 'the start of 早, 中 and 晚 (早: "07:00")'
    elif key == "expert_codes":
        read, must = _by_key(value, CATEGORIES, SPECIALTIES), "lists of specialty codes by category"
        read = read and {k: tuple(v) for k, v in read.items()}
    else:
        value = {code: [3] for code in value} if isinstance(value, list) else value
        read, must = _by_key(value, SPECIALTIES, (1, 2, 3, 4)), "lists of levels by specialty ({ENT: [3]})"
        read = None if read is None else {k: frozenset(v) for k, v in read.items()}
    if read is None:
        faults.add(tree.path, tree.line(key), f"{key} must be {must}")
    return read


def _shifts(value: object) -> dict[str, Any] | None:
    if not isinstance(value, dict) or not set(value) <= set(DIALYSIS_SHIFTS):
        return None
    read = {name: read_time(given) for name, given in value.items()}
    return None if None in read.values() else read


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _by_key(value: object, keys: Collection[Any], members: Collection[Any]) -> dict[str, list[Any]] | None:
    """`value` when it is a mapping from some of `keys` to lists of some of `members`."""
    if not isinstance(value, dict):
        return None
    good = all(k in keys and isinstance(v, list) and all(m in members for m in v) for k, v in value.items())
    return value if good else None
