"""What was read on a picture: shown to whoever sent it, and used like text once he says that it is right."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select

from actions import question
from actions.desk import Desk
from actions.medicines.lines import Wanted, fold, read_request, strengths_in
from actions.medicines.table import MedicineTable, medicine_table
from actions.models import Message, Reading
from actions.privacy import for_outsiders
from actions.turn import Turn

WANTED = "配药："
"""A box by itself is shown by those who need it; as the answer to a question it stays what it is."""
ANSWERED = ("drugs", "strength")
CONFIRMED_WITHIN = timedelta(minutes=30)
ALIKE = 80  # of 100: how alike a misread line must be to a name of the table
SHORTEST = 3
LINES = 8
_CHINESE = re.compile(r"[\u4e00-\u9fff]+")
_YES = re.compile(
    r"(?:对的?|是的?|没错|正确|嗯+|确认|可以|ok|好的?|就是(?:这个)?|对对|不错)+[。.!！,，~]*", re.I
)
_NO = re.compile(r"(?:不对|不是|错了?|读错|看错|不准)")
_PERSONAL = re.compile(r"姓名|身份证|电话|手机|住址|地址|卡号|医保号|病历号|门诊号|联系")
_FORM_BEHIND = re.compile(r"(?:注射液|缓释|控释|肠溶|分散|胶囊|片|颗粒|软|滴眼液|口服液)+$")
_AGE = re.compile(r"年龄[:：\s]*(\d{1,3})\s*岁?")
_SEX = re.compile(r"性别[:：\s]*([男女])")


def show(desk: Desk, message: Message, lines: Sequence[str]) -> None:
    """Post what was read, with the question whether it is right; when nothing could be, that it has to be typed."""
    words = words_of(lines)
    name = "picture_read" if words else "picture_unreadable"
    post = desk.post(
        f"picture:m{message.id}",
        "question",
        desk.phrases.say(name, who=message.sender, words=words),
        room=message.room,
        to=message.sender,
        mentions=[message.sender],
    )
    if words and post is not None:
        desk.session.add(
            Reading(
                at=desk.now,
                room=message.room,
                speaker=message.sender,
                message_id=message.id,
                post_id=post.id,
                words=words,
            )
        )


def words_of(lines: Sequence[str]) -> str:
    """What a person would have typed for it: the medicines with strength, form and quantity, else what stands there."""
    table = medicine_table()
    told = [_mended(line, table) for line in lines]
    items = read_request(" ".join(told), table).items
    if items:
        return "，".join([*_person(lines), *map(_typed, items)])
    plain = [for_outsiders(line) for line in lines if not _PERSONAL.search(line) and _CHINESE.search(line)]
    return "；".join(plain[:LINES])


def _person(lines: Sequence[str]) -> list[str]:
    """Age and sex on a prescription; the name stays on the paper."""
    text = fold(" ".join(lines))
    age, sex = _AGE.search(text), _SEX.search(text)
    return [" ".join(part for part in (sex[1] if sex else "", f"{age[1]}岁" if age else "") if part)] * bool(
        age or sex
    )


def _typed(item: Wanted) -> str:
    name = f"{item.drug}（{item.brand}）" if item.brand else item.drug
    form = item.form if item.form and item.form not in name and item.form != "片" else ""
    pack = f"*{item.pack}" if item.pack else ""
    return f"{name}{form}{item.strength or ''}{pack}" + (f" {item.quantity}" if item.quantity else "")


def _mended(line: str, table: MedicineTable) -> str:
    """A line in which a sign was misread (內冬胰岛素) with the name of the table that it is alike to."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415 (needed for pictures only)

    folded = fold(line)
    for run in _CHINESE.findall(folded):
        name, exact = _FORM_BEHIND.sub("", run), table.pattern.search(run)
        if (
            len(name) < SHORTEST
            or _PERSONAL.search(run)
            or (exact and exact.end() - exact.start() > len(name) / 2 + 1)
        ):
            continue
        near = _but_for_a_sign(name, table)
        if near is None:
            found = process.extractOne(name, _full_names(table), scorer=fuzz.ratio, score_cutoff=ALIKE)
            near = found[0] if found else None
        if near is not None:
            return folded.replace(name, near, 1)
    return folded


def _but_for_a_sign(name: str, table: MedicineTable) -> str | None:
    """The one generic name that a reading of four signs or more differs from in a single sign: 二甲双肌."""
    from rapidfuzz.distance import Hamming  # noqa: PLC0415 (needed for pictures only)

    if len(name) <= SHORTEST:
        return None
    alike = {generic for generic in table.names.values() if len(generic) == len(name)}
    near = {generic for generic in alike if Hamming.distance(generic, name) == 1}
    return near.pop() if len(near) == 1 else None


def _full_names(table: MedicineTable) -> list[str]:
    return [name for name in table.names if len(name) >= SHORTEST and _CHINESE.fullmatch(name)]


def settles_reading(turn: Turn) -> bool:
    """Whether the message says that what was read is right, or what of it is not; then it goes on as if typed."""
    reading = _waiting(turn)
    if reading is None:
        return False
    text = turn.message.text.strip()
    if _YES.fullmatch(text):
        _go_on(turn, reading, reading.words)
        return True
    if not _NO.match(text):
        return False
    reading.settled = True
    mended = _corrected(reading.words, text)
    if mended:
        _go_on(turn, reading, mended)
    return mended is not None or len(_NO.sub("", text).strip(" 。.!！,，的")) == 0


def _waiting(turn: Turn) -> Reading | None:
    """The reading that is quoted, else the speaker's last one here."""
    message, quote = turn.message, turn.message.quote or ""
    query = (
        select(Reading)
        .where(Reading.settled.is_(False), Reading.at > turn.desk.now - CONFIRMED_WITHIN)
        .order_by(Reading.id.desc())
        .limit(1)
    )
    if not quote:
        own = query.where(Reading.speaker == turn.speaker.name, Reading.room == message.room)
        return turn.desk.session.scalar(own)
    post = int(quote[1:]) if quote[0] == "b" and quote[1:].isdecimal() else None
    return turn.desk.session.scalar(query.where(Reading.post_id == post)) if post is not None else None


def _corrected(words: str, text: str) -> str | None:
    """不对，是10mg: the only strength of what was read is another."""
    said, read = strengths_in(text), strengths_in(words)
    if len(said) != 1 or len(read) != 1:
        return None
    return words.replace(read[0], said[0], 1) if read[0] in words else None


def _go_on(turn: Turn, reading: Reading, words: str) -> None:
    """What was read stands in the inbox as the words of whoever sent the picture, and is handled next."""
    reading.settled = True
    turn.message.act = "picture"
    sent = turn.desk.session.get_one(Message, reading.message_id)
    answers = sent.quote is not None or question.awaits(turn, ANSWERED)
    if not answers and read_request(words, medicine_table()).items:
        words = WANTED + words
    turn.desk.session.add(
        Message(
            channel=sent.channel,
            message_id=f"{sent.message_id[:120]}:read",
            at=turn.desk.now,
            room=reading.room,
            sender=reading.speaker,
            role=sent.role,
            text=words,
            quote=sent.quote,
            mentions=[],
            case_ids=[],
        )
    )
