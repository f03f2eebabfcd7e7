"""Runs Rasa's command line in Rasa's own environment, as a process that never outlives its parent.

Started with a pipe as standard input and as leader of its own group: when the pipe's other end closes (the
parent ended, be it by SIGKILL), the whole group ends. Only the standard library until Rasa is imported.
"""

# ruff: noqa: PLC0415 (Rasa is imported last, after the parent is being watched)
from __future__ import annotations

import logging
import os
import shutil
import signal
import sys
import threading
from typing import Any

TOKEN = "LIANLUO_RASA_TOKEN_FOR_CHILD"
"""The token comes in the environment: a command line can be read by every user of the machine."""

SCRATCH = "lianluo-rasa-"
"""How the name of the folder for temporary files begins, which is removed at the end."""


def follow_parent() -> None:
    """End this process's group when the parent is gone."""
    if os.getpgrp() != os.getpid():  # started by hand: the group is the shell's
        return
    pipe = os.dup(0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    threading.Thread(target=_end_with, args=(pipe,), daemon=True).start()


def _end_with(pipe: int) -> None:
    while True:
        try:
            if not os.read(pipe, 64):
                break
        except OSError:
            break
    scratch = os.environ.get("TMPDIR", "")
    if os.path.basename(scratch).startswith(SCRATCH):  # noqa: PTH119
        shutil.rmtree(scratch, ignore_errors=True)
    os.killpg(0, signal.SIGKILL)


def keep_words_out_of_logs() -> None:
    """Rasa logs an exception with its words and every local variable, so with the message: keep its type."""
    import structlog

    def type_only(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
        error = event.pop("exc_info", None)
        if error:
            kind = error[0] if isinstance(error, tuple) else sys.exc_info()[0]
            event["exception"] = getattr(kind, "__name__", "unknown")
        return event

    def no_words(record: logging.LogRecord) -> bool:
        record.msg, record.args = "a request failed", ()
        return True

    structlog.processors.dict_tracebacks = type_only  # type: ignore[assignment]
    logging.getLogger("rasa.server").addFilter(no_words)


def main() -> None:
    follow_parent()
    keep_words_out_of_logs()
    token = os.environ.pop(TOKEN, "")
    sys.argv = ["rasa", *sys.argv[1:], *(["--auth-token", token] if token else [])]
    from rasa.__main__ import main as rasa

    rasa()


if __name__ == "__main__":
    main()
