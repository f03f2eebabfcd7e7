"""A server that answers as Rasa does, for tests of who is asked when. Rasa itself is tested with Rasa."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


class FakeRasa(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, token: str, model: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.token, self.model = token, model
        self.texts: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: FakeRasa

    def do_GET(self) -> None:
        self._answer({"model_file": self.server.model})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.texts.append(body["text"])
        self._answer({"intent_ranking": [{"name": "report", "confidence": 0.9}]})

    def _answer(self, body: dict[str, object]) -> None:
        given = parse_qs(urlsplit(self.path).query).get("token", [""])[0]
        content = json.dumps(body).encode()
        self.send_response(200 if given == self.server.token else 401)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def fake_rasa(token: str, model: str) -> Iterator[FakeRasa]:
    """A running one; it is gone after the block."""
    server = FakeRasa(token, model)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
