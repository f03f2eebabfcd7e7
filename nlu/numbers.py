"""Numbers as people write and speak them: 38.5, 三十八点五, 一百八 (180), 两千五 (2500), 幺三八, 廿三.

`NUMBER` and `WHOLE` are pattern texts without groups, to be put into larger patterns; `value` reads what they matched.
"""

from __future__ import annotations

import re

_DIGITS = {char: n for n, char in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "○": 0,
    "o": 0,
    "两": 2,
    "俩": 2,
    "仨": 3,
    "幺": 1,
    "壹": 1,
    "贰": 2,
    "叁": 3,
    "肆": 4,
    "伍": 5,
    "陆": 6,
    "柒": 7,
    "捌": 8,
    "玖": 9,
}
_FIGURES = re.compile(r"\d{1,9}(?:\.\d{1,9})?")
_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_TWENTY = {"廿": "二十", "卅": "三十", "卌": "四十"}

_D = "[一二两俩仨三四五六七八九壹贰叁肆伍陆柒捌玖]"
_TEN, _HUNDRED, _THOUSAND = "[十拾]", "[百佰]", "[千仟]"
_UNIT = "[十拾百佰千仟]"
_TENS = rf"(?:{_D}?{_TEN}(?:{_D}(?!{_UNIT}))?|[廿卅]{_D}?)"
_BELOW_THOUSAND = rf"{_D}{_HUNDRED}(?:零{_D}|{_TENS}|{_D}(?!{_UNIT}))?"
_BELOW_MYRIAD = rf"{_D}{_THOUSAND}(?:零?(?:{_BELOW_THOUSAND}|{_TENS}|{_D}(?!{_UNIT})))?"
_PAIR = "(?:一二|一两|二三|两三|三四|四五|五六|六七|七八|八九)"
_RANGE = rf"(?:{_D}{_HUNDRED}{_PAIR}(?!{_UNIT})|{_PAIR}{_UNIT}|{_D}?{_TEN}{_PAIR}(?!{_UNIT})|{_PAIR}(?![零〇一二三四五六七八九幺]))"
_SPELLED = "[零〇幺一二三四五六七八九]{2,6}"
CHINESE = rf"(?:{_RANGE}|{_BELOW_MYRIAD}|{_BELOW_THOUSAND}|{_TENS}|{_SPELLED}|{_D}|[零〇])"
"""A whole number in Chinese characters. Two numbers run together (一百八一百一) are matched one at a time."""
ARABIC = r"(?<![\d.])\d{1,6}(?:\.\d{1,3})?(?!\d)"
WHOLE = rf"(?:(?<![\d.])\d{{1,6}}(?![\d]|\.\d)|{CHINESE})"
NUMBER = rf"(?:{ARABIC}|{CHINESE}点[零〇一二三四五六七八九]{{1,2}}|{CHINESE})"


def value(text: str) -> float | None:
    """The number that a text is, None when it is none. Of a range (七八十, 三四) the lower end."""
    text = text.strip()
    if not text:
        return None
    if text.isascii():
        return float(text) if _FIGURES.fullmatch(text) else None
    whole, point, rest = text.partition("点")
    number = float(whole) if whole.isascii() and whole.isdigit() else _whole(whole)
    if number is None or not point:
        return number
    tail = [int(char) if char in "0123456789" else _DIGITS.get(char) for char in rest]
    if not tail or None in tail:
        return None
    return float(f"{int(number)}.{''.join(str(digit) for digit in tail)}")


def tidy(number: float) -> int | float:
    """An int when the number is whole, as people write it."""
    return int(number) if float(number).is_integer() else round(number, 4)


def _whole(text: str) -> float | None:
    for short, long in _TWENTY.items():
        text = text.replace(short, long)
    if not text or any(char not in _DIGITS and char not in _UNITS for char in text):
        return None
    if not any(char in _UNITS for char in text):
        return _spelled(text)
    return _with_units(_lower_end(text))


def _spelled(text: str) -> float:
    digits = [_DIGITS[char] for char in text]
    if len(digits) == 2 and digits[1] == digits[0] + 1 and digits[0] > 0:
        return float(digits[0])  # 三四个小时 is a range; nobody says 34 that way
    return float("".join(map(str, digits)))


def _lower_end(text: str) -> str:
    """七八十 → 七十, 二十七八 → 二十七: of two digits that follow each other the first."""
    for at in range(len(text) - 1):
        first, second = _DIGITS.get(text[at], -1), _DIGITS.get(text[at + 1], -1)
        if first > 0 and second == first + 1:
            return text[: at + 1] + text[at + 2 :]
    return text


def _with_units(text: str) -> float | None:
    total, digit, last_unit = 0, -1, 10
    for char in text:
        if char in _UNITS:
            last_unit = _UNITS[char]
            total += (1 if digit < 0 else digit) * last_unit
            digit = -1
        elif digit > 0:
            return None
        else:
            digit = _DIGITS[char]
            if digit == 0:
                digit, last_unit = -1, 10
    if digit > 0:
        total += digit * last_unit // 10
    return float(total)
