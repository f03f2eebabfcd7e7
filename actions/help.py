"""What the speaker may say to the bot: made from what the site's policy lets the role do, one example for each."""

from __future__ import annotations

from actions.site_types import Permission
from actions.turn import Turn
from actions.wording import LEVELS

# Acts of one line, in the order in which a case needs them.
LINES: dict[str, tuple[str, ...]] = {
    "report": ("report",),
    "news": ("update", "correct"),
    "ask": ("ask", "chase"),
    "answer": ("accept", "decline"),
    "way": ("dispatched", "arrived"),
    "end": ("close", "cancel"),
    "again": ("reopen", "snooze"),
    "fetch": ("take",),
    "lead": ("assign", "transfer", "level"),
    "hospital": ("hospital_status",),
    "consult": ("consult",),
    "pass": ("pass",),
    "role": ("role",),
}


def tell(turn: Turn) -> None:
    """Answer what one can say here."""
    lines = [text for name, acts in LINES.items() if (text := _line(turn, name, acts))]
    text = "\n".join([turn.say("help_head"), *lines])
    turn.reply("answer", text, mentions=[turn.speaker.name])


def _line(turn: Turn, name: str, acts: tuple[str, ...]) -> str:
    """The examples of what is allowed, each with its limits; limits that all share stand once at the end."""
    policy, role = turn.desk.site.policy, turn.speaker.role
    allowed = {act: rule for act in acts if (rule := policy.permission(role, act)) is not None}
    if not allowed:
        return ""
    limits = {act: _limits(turn, rule) for act, rule in allowed.items()}
    shared = len(set(limits.values())) == 1
    examples = [turn.say(f"example_{act}") + ("" if shared else limits[act]) for act in allowed]
    after = next(iter(limits.values())) if shared else ""
    return turn.say("help_line", what=turn.say(f"help_{name}"), examples=" / ".join(examples) + after)


def _limits(turn: Turn, rule: Permission) -> str:
    """限自己报的、Ⅲ、Ⅳ级 … or nothing."""
    said = [turn.say(f"scope_{rule.scope}")] if rule.scope != "any" else []
    if len(rule.levels) < len(LEVELS):
        levels = "、".join(LEVELS[level] for level in rule.levels)
        said.append(turn.say("scope_levels", levels=levels))
    if rule.only == "unanswered":
        said.append(turn.say("scope_unanswered"))
    return turn.say("help_limits", limits="，".join(said)) if said else ""
