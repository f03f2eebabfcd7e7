"""Hooks the answers into Rasa, which loads this by its name in endpoints.yml. It is no part of the model."""

from __future__ import annotations

from typing import Any

from rasa.core.nlg.generator import NaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from nlu.rasa_rest.answers import Answers


class Understood(NaturalLanguageGenerator):
    """Says `utter_understood` of the newest message. The sentences are those of the model's own domain."""

    def __init__(self, endpoint_config: EndpointConfig, domain: Domain) -> None:
        """Called before the model is loaded, so `domain` is empty."""

    async def generate(
        self, utter_action: str, tracker: DialogueStateTracker, output_channel: str, **kwargs: Any
    ) -> dict[str, Any]:
        responses = kwargs["domain_responses"]
        answers = Answers({name: variants[0]["text"] for name, variants in responses.items()})
        parsed = tracker.latest_message.parse_data if tracker.latest_message else {}
        return {"text": answers.understood(parsed["intent"]["name"], parsed.get("triage"))}
