"""The application's own understanding under evaluation: `python -m bot.answers builtin|rasa REQUESTS ANSWERS`."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from actions.site import load_site
from bot import settings as settings_of
from bot.analyse import ranking
from bot.errors import UserError
from bot.reader import MessageReader, Rank, load_understander
from nlu.evaluation.worker import Answer, Request, Spans, serve

if TYPE_CHECKING:
    from nlu.pipeline import Understander


class Own:
    """Reads every message as the service does, with the site it names."""

    def __init__(self, rank: Rank) -> None:
        self._rank = rank

    def answer(self, request: Request) -> Answer:
        meaning = self._reader(request.site).understand(request.text, request.at, request.role)
        hint = meaning.triage_hint
        return {**meaning.to_dict(), "hint": hint.to_dict() if hint else None}

    def spans(self, request: Request) -> Spans:
        from nlu.evaluation.spans import findings  # noqa: PLC0415 (loads the libraries, which take seconds)

        return [place for place, _ in findings(_understander(request.site), request.text, request.at)]

    @cache  # noqa: B019 (one object, as long as the process)
    def _reader(self, site: str) -> MessageReader:
        return MessageReader(_understander(site), load_site(site).tz, self._rank)


@cache
def _understander(site: str) -> Understander:
    return load_understander(load_site(site))


def main(engine: str, source: str, sink: str) -> int:
    """Answer all requests of a file; 1 with a line on standard error when the engine cannot be had."""
    try:
        with ranking(settings_of.load(engine=engine), lambda line: print(line, file=sys.stderr)) as rank:
            serve(Own(rank), Path(source), Path(sink))
    except UserError as error:
        print(f"{engine}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
