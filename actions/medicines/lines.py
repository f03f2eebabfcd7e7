"""One patient's words → the medicines wanted, each with strength, form, quantity; the card; how the patient is called.

Deals with how packs and lists are written (5mg*7片 3盒, 诺和锐笔芯一盒, 各2盒). How long the medicine lasts is read by
the clinical understanding, which knows the calendar.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from actions.medicines.table import Medicine, MedicineTable
from nlu import clauses
from nlu.numbers import value
from nlu.pointers import SURNAMES

_SIGNS = {ord("×"): "*", ord("μ"): "u", ord("µ"): "u", ord("∶"): ":"}
_NUMBER = r"(?:\d+(?:\.\d+)?|[一二两三四五六七八九十]{1,3}|半)"
_UNIT = r"(?:mg|mcg|ug|ml|iu|g|u|毫克|微克|毫升|克|万?单位|%)"
_STRENGTH = re.compile(
    rf"(?<![\d.])(\d+(?:\.\d+)?)\s*({_UNIT})(?![a-z])(?:\s*[/:]\s*(\d*(?:\.\d+)?)\s*(mg|ug|ml|g|毫升|喷|u|单位))?"
)
_COMBINED = re.compile(r"(?<![\d.])(\d+(?:\.\d+)?)\s*/\s*(\d+(?:\.\d+)?)\s*(mg|ug|mcg|毫克|微克)")
_BARE = re.compile(
    r"^[^\d\u4e00-\u9fff]{0,2}(\d+(?:\.\d+)?)的?(?![\d.]|\s*(?:盒|瓶|支|片|粒|天|[*x]|个|岁|号|-))"
)
_PACK = re.compile(
    r"\s*(?:(?:[*x]|每盒|一盒)\s*(\d{1,3})\s*(片|粒|颗|丸|支|袋|贴|吸|喷|揿|s|t)(?:\s*/\s*(?:盒|瓶|板))?"
    r"|(\d{1,3})\s*(片|粒|颗|丸|支|袋|贴|吸)\s*/\s*(?:盒|瓶|板))"
)
_BOX = "盒|瓶|支|板|袋|包|条|罐|贴|筒|套"
_PIECE = "片|粒|颗|丸|针"
_QUANTITY = re.compile(rf"({_NUMBER})\s*(?:大|小)?({_BOX})|[*x]\s*({_NUMBER})(?![\d.a-z])")
_PIECES = re.compile(rf"(?<![每各次天日晚早顿])({_NUMBER})\s*({_PIECE})")
_SPAN = re.compile(rf"({_NUMBER})\s*个?(月|周|星期|礼拜)(?:的)?(?:量|药|份)")
_BEFORE = re.compile(rf"({_NUMBER})\s*({_BOX})\s*(?:的)?\s*$")
_DOSE = re.compile(
    rf"(?:每[天日次晚早]|一[天日次]|[一1]日|早|晚|qd|bid|tid)\s*(?:吃|服|用|各)?\s*{_NUMBER}?\s*(?:{_PIECE}|次)?\s*(?:一?次)?\s*{_NUMBER}?\s*(?:{_PIECE}|单位|u)?"
)
_EACH = re.compile(rf"(?:各|都|每样|分别)(?:要|配|来|开|拿)?\s*({_NUMBER})\s*({_BOX})")
_LATIN = re.compile(r"[a-z0-9]")
_UNITS = {"毫克": "mg", "微克": "ug", "mcg": "ug", "毫升": "ml", "克": "g", "单位": "u", "iu": "u"}
_SURNAMES = "".join(sorted(set(SURNAMES) - set("路房时居向代祖连古班司米")))
"""Without those that are more often part of an address or of what stands before a name."""
_HEAD = re.compile(r"^[\s\W]*(?:\d{1,2}\s*[.、)）:]|[①-⑳])?\s*")


@dataclass(frozen=True)
class Wanted:
    """One medicine somebody asks for, as far as it was told."""

    drug: str  # generic name
    brand: str | None = None
    strength: str | None = None
    pack: str | None = None
    form: str | None = None
    quantity: str | None = None
    words: str = ""  # its part of the text


@dataclass(frozen=True)
class Request:
    """What one patient's words ask for."""

    items: tuple[Wanted, ...]
    patient: str | None = None  # as called: 王阿姨, 王桂芳
    card: str | None = None  # yes no self


def fold(text: str) -> str:
    """Half-width, small letters, one character for each of the original."""
    return clauses.fold(text).translate(_SIGNS)


def read_request(text: str, table: MedicineTable) -> Request:
    """The medicines of one patient's words in their order, each once."""
    folded = fold(text)
    found = list(_named(folded, table))
    items: dict[str, Wanted] = {}
    for at, (start, end, way) in enumerate(found):
        until = found[at + 1][0] if at + 1 < len(found) else _line_end(folded, end)
        since = found[at - 1][1] if at else 0
        item = _wanted(table.medicines[table.names[way]], way, folded, (since, start, end, until), table)
        known = items.get(item.drug)
        items[item.drug] = _joined(known, item) if known else item
    shared = _EACH.search(folded)
    if shared:
        items = {key: replace(one, quantity=_count(shared[1], shared[2])) for key, one in items.items()}
    first = found[0][0] if found else len(folded)
    return Request(tuple(items.values()), _called(folded[:first], table), _card(folded, table))


def strengths_in(text: str) -> list[str]:
    """Every strength a text names: 5mg, 300u/3ml."""
    return [_strength(found) for found in _STRENGTH.finditer(fold(text))]


def bare_strength(text: str, medicine: Medicine) -> str | None:
    """The strength a number without a unit means, if the packs of the drug have just that one: 5的 → 5mg."""
    found = re.search(r"(?<![\d.:])(\d+(?:\.\d+)?)(?![\d.]|\s*(?:盒|瓶|支|片|粒|天|个|岁|号|点))", fold(text))
    fits = [each for each in medicine.strengths if found and re.match(rf"{re.escape(found[1])}[a-z%]", each)]
    return fits[0] if len(fits) == 1 else None


def same_strength(one: str, other: str) -> bool:
    """Whether two ways of writing mean the same: 0.5g and 500mg, 50ug and 50μg."""
    return _milligrams(one) == _milligrams(other)


def is_known_strength(strength: str, medicine: Medicine) -> bool:
    """Whether packs with it are in use; of a combination its first half is enough. Without a list all are taken."""
    if not medicine.strengths:
        return True
    heads = [each.partition("/")[0] for each in medicine.strengths]
    return any(same_strength(strength.partition("/")[0], each) for each in heads)


def _named(folded: str, table: MedicineTable) -> Iterator[tuple[int, int, str]]:
    for found in table.pattern.finditer(folded):
        if not _inside_word(folded, found):
            yield found.start(), found.end(), found.group()


def _inside_word(folded: str, found: re.Match[str]) -> bool:
    """A Latin abbreviation must stand alone."""
    before, after = folded[found.start() - 1 : found.start()], folded[found.end() : found.end() + 1]
    first, last = found.group()[0], found.group()[-1]
    if _LATIN.match(first) and before and _LATIN.match(before):
        return True
    return last.isascii() and last.isalpha() and after.isascii() and after.isalpha()


def _line_end(folded: str, start: int) -> int:
    end = folded.find("\n", start)
    return len(folded) if end < 0 else end


def _wanted(
    medicine: Medicine, way: str, folded: str, places: tuple[int, int, int, int], table: MedicineTable
) -> Wanted:
    since, start, end, until = places
    after = folded[end:until]
    strength, pack, rest = _strength_and_pack(after, medicine)
    form = table.words["form"].search(folded, start, until)
    quantity = _quantity(rest) or _quantity_before(folded[since:start])
    brand = None if medicine.name.lower() in way else _brand(way, table)
    words = folded[start:until].strip(" ,，;；。、")
    shape = form.group() if form else "片" if pack and pack.endswith("片") else None
    return Wanted(medicine.name, brand, strength, pack, shape, quantity, words)


def _brand(way: str, table: MedicineTable) -> str:
    """The trade name without the form said with it: 诺和锐笔芯 → 诺和锐."""
    form = table.words["form"].search(way)
    bare = way[: form.start()] if form and form.start() > 1 else way
    return bare if bare in table.names else way


def _strength_and_pack(after: str, medicine: Medicine) -> tuple[str | None, str | None, str]:
    """Strength, pack, and what is left of the text without them and without doses."""
    after = _DOSE.sub(" ", after)
    if both := _COMBINED.search(after):
        unit = _UNITS.get(both[3], both[3])
        return f"{both[1]}{unit}/{both[2]}{unit}", None, _without(after, both)
    found = _STRENGTH.search(after)
    if found is None:
        bare = _BARE.search(after)
        strength = bare_strength(bare[1], medicine) if bare else None
        rest = after[bare.end() :] if bare and strength else after
        pack = _PACK.search(rest)
        return strength, _packed(pack), _without(rest, pack)
    pack = _PACK.match(after, found.end())
    rest = after[: found.start()] + " " + after[pack.end() if pack else found.end() :]
    return _strength(found), _packed(pack), rest


def _without(text: str, found: re.Match[str] | None) -> str:
    return text if found is None else text[: found.start()] + " " + text[found.end() :]


def _packed(pack: re.Match[str] | None) -> str | None:
    if pack is None:
        return None
    number, unit = (pack[1], pack[2]) if pack[1] else (pack[3], pack[4])
    return f"{number}{'片' if unit in 'st' else unit}"


def _strength(found: re.Match[str]) -> str:
    number = f"{float(found[1]):g}"
    unit = _UNITS.get(found[2], found[2])
    if found[2] == "万单位":
        number, unit = f"{float(found[1]) * 10000:.0f}", "u"
    if not found[4]:
        return f"{number}{unit}"
    below = f"{float(found[3]):g}" if found[3] not in (None, "", ".") else ""
    whole, part = f"{number}{unit}", f"{below}{_UNITS.get(found[4], found[4])}"
    return f"{part}/{whole}" if unit == "ml" and below else f"{whole}/{part}"  # 3ml:300单位


def _quantity(rest: str) -> str | None:
    if found := _QUANTITY.search(rest):
        return _count(found[1], found[2]) if found[1] else _count(found[3], "盒")
    if found := _SPAN.search(rest):
        return f"{_value(found[1])}个月的量" if found[2] == "月" else f"{_value(found[1])}周的量"
    found = _PIECES.search(rest)
    return _count(found[1], found[2]) if found else None


def _quantity_before(text: str) -> str | None:
    found = _BEFORE.search(text)
    return _count(found[1], found[2]) if found else None


def _count(number: str, unit: str) -> str:
    return f"{_value(number)}{unit}"


def _value(written: str) -> str:
    return "0.5" if written == "半" else f"{value(written):g}"


def _milligrams(strength: str) -> tuple[float, str]:
    found = re.match(r"([\d.]+)(mg|g|ug|u|ml|%)", strength)
    if found is None:
        return 0.0, strength
    factor = {"g": 1000.0, "ug": 0.001, "mg": 1.0}.get(found[2])
    return (round(float(found[1]) * factor, 6), "mg") if factor else (float(found[1]), found[2])


def _joined(one: Wanted, other: Wanted) -> Wanted:
    """The same drug named twice: generic and brand, or once more with its strength."""
    return Wanted(
        one.drug,
        one.brand or other.brand,
        one.strength or other.strength,
        one.pack or other.pack,
        one.form or other.form,
        one.quantity or other.quantity,
        f"{one.words} {other.words}",
    )


def _card(folded: str, table: MedicineTable) -> str | None:
    for kind in ("self", "no", "yes"):
        if table.words[f"card_{kind}"].search(folded):
            return kind
    return None


def _called(before: str, table: MedicineTable) -> str | None:
    """What the patient is called in the words before the first medicine: 王阿姨, 李伯, 王桂芳."""
    text = _HEAD.sub("", before)
    titles = table.words["title"].pattern
    titled = re.search(rf"[{_SURNAMES}老小][\u4e00-\u9fff]{{0,2}}?(?:{titles})", text)
    if titled:
        return titled.group()
    name = re.search(
        rf"(?:^|[\s,，:：\d号室])([{_SURNAMES}][\u4e00-\u9fff]{{1,2}})(?<![镇村街区路])(?=[\s,，:：(（]|男|女|\d|$)",
        text,
    )
    return name[1] if name else None
