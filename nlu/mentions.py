"""All values of one message: `extract` runs the finders one after another on what is not yet spoken for.

The order settles collisions of numbers: what is a telephone number is no blood pressure, what is a room is no age.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from nlu.addresses import find_addresses
from nlu.covid import find_covid
from nlu.dialect import plain
from nlu.dialysis import find_dialysis
from nlu.drugs import DOSE, find_drugs
from nlu.durations import find_durations, lasts_otherwise
from nlu.gazetteer import Gazetteer
from nlu.labs import find_labs
from nlu.measures import find_measures
from nlu.mention import FEVER, Mention, hide
from nlu.normalise import normalise
from nlu.orig_hospital import find_orig_hospital
from nlu.people import find_people
from nlu.phones import ID_CARD, find_phones
from nlu.places import find_places
from nlu.pregnancy import find_pregnancy
from nlu.privacy import find_privacy
from nlu.supply import find_supply
from nlu.wechat import silent_spans
from nlu.words import word_spans

_OF_NAME = re.compile(r"[\d一二两三四五六七八九十百千半他她]")
"""Characters of a drug's name that would be numbers or people outside it."""
_COUNTS = re.compile(r"[\d一二两三四五六七八九十百几半天日夜晚周月年时钟点分]|礼拜|星期")
"""Words of a complaint with one of these may hold its length, and stay as they are."""
_ILL = "痛"
"""Stands for each character of any other complaint."""

__all__ = ["Mention", "extract", "warm_up"]


def extract(
    text: str, at: datetime, gazetteer: Gazetteer, complaints: Sequence[tuple[int, int]] = ()
) -> list[Mention]:
    """Everything of value in a normalised text, in order of position. `at` is the time of the message.

    `complaints` are the places of what has been found to ail somebody: a length beside one of them is its own.

    Quotations of other people's messages, @names and links yield nothing.
    """
    spoken = hide(text, silent_spans(text))
    phones = find_phones(spoken)
    spoken = hide(spoken, [*_spans(phones), *[found.span() for found in ID_CARD.finditer(spoken)]])
    places = find_places(spoken, gazetteer)
    found = [*phones, *places, *find_orig_hospital(spoken, places)]
    addresses = find_addresses(
        hide(spoken, [(one.start, one.end) for one in places if one.kind == "institution"]),
        [(one.start, one.end) for one in places if one.kind == "town"],
    )
    drugs = find_drugs(spoken)
    spoken = hide(spoken, _spans(addresses))
    found += [*addresses, *drugs, *find_covid(spoken), *find_privacy(spoken)]
    return sorted(
        [*found, *_numbers(spoken, at, drugs, complaints)], key=lambda one: (one.start, one.end, one.kind)
    )


def _numbers(
    text: str, at: datetime, drugs: list[Mention], complaints: Sequence[tuple[int, int]]
) -> list[Mention]:
    """Mentions that rest on numbers, each hiding its words from those that come after."""
    found = [*find_dialysis(plain(text), at), *find_supply(plain(text), at, drugs)]
    text = hide(text, [*_spans(found), *[dose.span() for dose in DOSE.finditer(text)]])
    named = [found.span() for one in drugs for found in _OF_NAME.finditer(text, one.start, one.end)]
    for finder in (_pregnancy, _labs, _measures, _people):
        # 二 of 二甲双胍 is no reading and 他 of 阿托伐他汀 nobody
        brought = finder(hide(text, named), at)
        found += brought
        text = hide(text, [span for one in brought for span in _number_spans(one)])
        # 37度8两天了: a reading of fever is a complaint that the length belongs to
        text = hide(
            text, [(one.start, one.end) for one in brought if one.kind == "temp" and one.value >= FEVER], "热"
        )
    text = plain(text)
    ill = [
        (start, end)
        for start, end in complaints
        if not _COUNTS.search(text, start, end) and not lasts_otherwise(text[start:end])
    ]
    told = hide(text, ill, _ILL)
    return found + find_durations(text, at, told)


def _pregnancy(text: str, at: datetime) -> list[Mention]:
    return find_pregnancy(text, at)


def _people(text: str, at: datetime) -> list[Mention]:
    return find_people(text, at)


def _labs(text: str, at: datetime) -> list[Mention]:
    return find_labs(text)


def _measures(text: str, at: datetime) -> list[Mention]:
    return find_measures(text)


def _spans(found: list[Mention]) -> list[tuple[int, int]]:
    return [(one.start, one.end) for one in found]


def _number_spans(one: Mention) -> list[tuple[int, int]]:
    """Only what holds digits is hidden: a kin word or a label may serve the next finder."""
    return [(one.start, one.end)] if one.kind not in {"sex", "multipara"} else []


def warm_up(gazetteer: Gazetteer) -> None:
    """Loads dictionaries and tables now (a second or two), so that the first message need not wait."""
    text = normalise("市一样 余刺卡喉").text
    extract(text, datetime(2022, 4, 4, 9, 0), gazetteer)
    word_spans(text)
