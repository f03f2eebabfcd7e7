"""Pictures of boxes, prescriptions and reports: read on this machine, in a process of their own, and not kept.

A picture is handed over in memory and is gone once it has been read. Reading takes a second or more, so it is done
beside everything else: no message waits for it, and a picture that brings the reader down harms nothing.
"""

from __future__ import annotations

import asyncio
import io
import os
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import cache
from multiprocessing import get_context
from typing import Any

from bot.channels.base import Attachment

MOST_BYTES = 12_000_000
MOST_PIXELS = 40_000_000
SIDE = 1600  # pixels of the longer side that is read; boxes are legible at that
SURE = 0.5  # below this the words are hardly what stands there
PATIENCE = 120  # seconds
NICE = 5


class UnreadablePicture(Exception):
    """It is no picture, too large, or the reader came to grief over it."""


class PictureReader:
    """Reads one picture after the other in a worker process, which is started with the first one."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None

    async def lines(self, picture: Attachment) -> list[str]:
        """What stands on it, line by line from above. Raises UnreadablePicture."""
        if len(picture.data) > MOST_BYTES:
            raise UnreadablePicture("too large")
        if self._pool is None:
            self._pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_behind_others)
        loop = asyncio.get_running_loop()
        try:
            reading = loop.run_in_executor(self._pool, read_lines, picture.data)
            return await asyncio.wait_for(reading, PATIENCE)
        except Exception as error:  # whatever it was, the room is told that it has to be typed
            if isinstance(error, BrokenProcessPool | TimeoutError):
                self.close()  # the next picture gets a new process
            raise UnreadablePicture(type(error).__name__) from error

    def close(self) -> None:
        """End the worker process."""
        pool, self._pool = self._pool, None
        if pool is not None:
            workers = list((pool._processes or {}).values())
            pool.shutdown(wait=False, cancel_futures=True)
            for worker in workers:
                worker.terminate()


def read_lines(data: bytes) -> list[str]:
    """The lines on a picture (PNG, JPEG …) from above. Raises ValueError when it is none that can be read."""
    import numpy  # noqa: PLC0415 (as the other libraries for pictures: loaded in the worker, with the first one)

    found, _ = _engine()(numpy.asarray(_opened(data)))
    return [str(text).strip() for _, text, score in found or [] if float(score) >= SURE and str(text).strip()]


def _opened(data: bytes) -> Any:
    """The picture upright, in colour, no larger than is worth reading."""
    from PIL import Image, ImageOps  # noqa: PLC0415

    try:
        picture = Image.open(io.BytesIO(data))
        if picture.width * picture.height > MOST_PIXELS:
            raise ValueError("too many pixels")
        upright = ImageOps.exif_transpose(picture).convert("RGB")
    except (OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise ValueError("no picture") from error
    upright.thumbnail((SIDE, SIDE))
    return upright


@cache
def _engine() -> Any:
    from rapidocr_onnxruntime import RapidOCR  # noqa: PLC0415

    return RapidOCR(intra_op_num_threads=1, inter_op_num_threads=1)


def _behind_others() -> None:
    """Messages go first."""
    os.nice(NICE)
