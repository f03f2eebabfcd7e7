"""Telephone numbers, also with stars in place of digits, and identity cards."""

from __future__ import annotations

import re

from nlu.by_place import Taken
from nlu.mention import Mention, mention

PHONE = re.compile(
    r"(?<![\d.])1[3-9]\d[\s-]?[*x]{4}[\s-]?\d{4}(?!\d)|(?<![\d.\-])000-\d{4}-\d{4}(?!\d)|"
    r"(?<![\d.])(?:\+?86[\s-]?)?1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}(?!\d)|(?<![\d.])0\d{2,3}[\s-]?\d{3,4}-?\d{3,4}(?:(?:转|-)\d{1,5})?(?!\d|\.\d)|"
    r"(?<![\d.])[48]00-?\d{3}-?\d{4}(?!\d)|(?<![\d.\-])0\d{3}-\d{4}(?![\d\-])|(?:电话|手机|联系方式|联系|联系人|号码|tel|致电|座机)[^\d\n。;]{0,12}?(?P<labelled>\d[\d\- ]{5,14}\d)(?!\d)"
)
_SPOKEN_PHONE = re.compile(
    r"(?<![\d.])1[3-9]\d[\s-]?[*x]{4}[\s-]?\d{4}(?!\d)|(?<![\d.\-])000-\d{4}-\d{4}(?!\d)|"
    r"(?<![\d零〇一二三四五六七八九幺])[幺一1][三四五六七八九3-9][零〇一二三四五六七八九幺\d]{9}"
)
ID_CARD = re.compile(r"(?<!\d)\d{6}(?:19|20)\d{2}[01]\d[0-3]\d{4}[\dx](?!\d)")


def find_phones(text: str) -> list[Mention]:
    """Telephone numbers as written; 120, 110 and 12345 are nobody's."""
    found: list[Mention] = []
    taken = Taken()
    for pattern in (PHONE, _SPOKEN_PHONE):
        for one in pattern.finditer(text):
            group = "labelled" if pattern is PHONE and one["labelled"] else 0
            start, end = one.span(group)
            if not taken.meets(start, end):
                taken.add(start, end)
                found.append(mention("phone", text[start:end].strip(), text, start, end))
    return sorted(found, key=lambda one: one.start)
