"""Our clinical rules inside Rasa: what they find as features for the classifier, and as entities and `triage`.

Thin: all understanding is nlu.pipeline's. Rasa knows no site, so no towns or institutions are looked for here.
"""

from __future__ import annotations

from datetime import datetime, timezone
from functools import lru_cache
from typing import Any

import numpy as np
import scipy.sparse
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.nlu.featurizers.sparse_featurizer.sparse_featurizer import SparseFeaturizer
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import (
    ENTITIES,
    ENTITY_ATTRIBUTE_END,
    ENTITY_ATTRIBUTE_START,
    ENTITY_ATTRIBUTE_TYPE,
    ENTITY_ATTRIBUTE_VALUE,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.act_facts import NAMES, facts
from nlu.gazetteer import Gazetteer
from nlu.pipeline import Understander
from nlu.understanding import Understanding

EXTRACTOR = "ClinicalExtractor"


@lru_cache(maxsize=1)
def _understander() -> Understander:
    return Understander(Gazetteer())


@lru_cache(maxsize=64)
def _understand(text: str) -> Understanding:
    """Both components of one parse ask for the same text."""
    return _understander().understand(text, datetime.now(timezone.utc))


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class ClinicalFeaturizer(SparseFeaturizer, GraphComponent):
    """One sparse feature for each fact of nlu/act_facts.py: a case number, a symptom, a patient, a question …"""

    @classmethod
    def required_components(cls) -> list[type]:
        return [Tokenizer]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ClinicalFeaturizer:
        return cls(execution_context.node_name, {**cls.get_default_config(), **config})

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """There is nothing to configure."""

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text, tokens = message.get(TEXT), message.get(TOKENS_NAMES[TEXT])
            if text and tokens:
                row = facts(_understand(text))
                sentence = scipy.sparse.csr_matrix(np.array([row], dtype=np.float32))
                sequence = scipy.sparse.csr_matrix((len(tokens), len(NAMES)), dtype=np.float32)
                self.add_features_to_message(sequence, sentence, TEXT, message)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process(training_data.training_examples)
        return training_data


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class ClinicalExtractor(GraphComponent, EntityExtractorMixin):
    """Sets the entities that the rules found, and `triage`: the findings as a report, whatever the act."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ClinicalExtractor:
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text = message.get(TEXT)
            if text:
                hint = _understand(text).triage_hint
                found = [_entity(text, key, value) for key, value in hint.entities.items()] if hint else []
                message.set(ENTITIES, [*message.get(ENTITIES, []), *found], add_to_output=True)
                message.set("triage", hint.to_dict() if hint else None, add_to_output=True)
        return messages


def _entity(text: str, key: str, value: object) -> dict[str, Any]:
    """Values are normalised, so their place in the text is known only where the words are the same."""
    start = text.find(str(value))
    end = start + len(str(value)) if start >= 0 else len(text)
    return {
        ENTITY_ATTRIBUTE_TYPE: key,
        ENTITY_ATTRIBUTE_VALUE: value,
        ENTITY_ATTRIBUTE_START: max(start, 0),
        ENTITY_ATTRIBUTE_END: end,
        "extractor": EXTRACTOR,
    }
