"""Every sentence the bot says: the `responses` of domain.yml, filled in."""

from __future__ import annotations

from pathlib import Path

import yaml

DOMAIN = Path(__file__).resolve().parent.parent / "domain.yml"


class PhraseError(Exception):
    """domain.yml lacks a sentence, or a sentence names a value that is not given."""


class Phrasebook:
    """Looks sentences up by their name without the leading `utter_`."""

    def __init__(self, path: Path = DOMAIN) -> None:
        responses = yaml.safe_load(path.read_text(encoding="utf-8")).get("responses") or {}
        self._sentences = {
            name.removeprefix("utter_"): str(variants[0]["text"]).strip()
            for name, variants in responses.items()
        }

    def say(self, name: str, **values: object) -> str:
        """The sentence `utter_<name>`. Raises PhraseError when it or one of its values is missing."""
        try:
            return self._sentences[name].format(**values)
        except KeyError as error:
            raise PhraseError(f"domain.yml: utter_{name} cannot be said, {error} is missing") from error

    def maybe(self, name: str, **values: object) -> str | None:
        """The same, or None when domain.yml has no such sentence."""
        return self.say(name, **values) if name in self._sentences else None

    @property
    def names(self) -> frozenset[str]:
        """All names, for the test that walks them."""
        return frozenset(self._sentences)
