"""The one error a person is meant to read."""

from __future__ import annotations


class UserError(Exception):
    """Something the person at the keyboard can mend; the message is one line that says what and how."""

    def __init__(self, message: str, *, status: int = 1) -> None:
        super().__init__(" ".join(message.split()))
        self.status = status
