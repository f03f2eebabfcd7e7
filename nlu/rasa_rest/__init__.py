"""What Rasa's own REST channel answers (docs/rasa.md); runs inside Rasa only."""
