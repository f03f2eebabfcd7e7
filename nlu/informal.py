"""People called by the family name and one more sign, with the age behind it: 李叔 66, 王婶62, 老张 70, 小朱 8岁.

Without an age behind it such a name is as often whoever is spoken to (李姐，在吗).
"""

from __future__ import annotations

import re
from functools import lru_cache

from nlu.numbers import WHOLE
from nlu.pointers import COMMON_SURNAMES

MEN = "叔伯爷哥公"
WOMEN = "婶姨姐嫂婆娘"
_BEGINS = "".join(f"|(?<={sign})" for sign in "壁居民者人有外楼号室苑村镇道和跟是位:")
_INFORMAL = re.compile(
    rf"(?:(?<![\u4e00-\u9fff]){_BEGINS})(?P<who>(?P<surname>[{COMMON_SURNAMES}])(?:(?P<m>[{MEN}])|(?P<f>[{WOMEN}]))|[老小](?P<other>[{COMMON_SURNAMES}]))"
    rf"\s*[,(]?\s*(?:今年)?(?P<n>{WHOLE})(?=岁|周岁|[\s,。;/)]|$|[\u4e00-\u9fff])(?!\s*(?:号|楼|点|室|栋|幢|月|天|日|床|个|盒|片|次))"
)


@lru_cache(maxsize=16)  # asked for again by whoever looks at the same message
def informal(text: str) -> tuple[re.Match[str], ...]:
    """Where people are called so, with the groups `who`, `surname` or `other`, `m` or `f` (the sex), `n` (the age)."""
    return tuple(_INFORMAL.finditer(text))
