"""A bridge between a group chat and 联络 over its HTTP channel; nothing but Python's standard library.

The platform here is this terminal: lines `room<TAB>sender<TAB>text` on standard input, posts on standard output.
For enterprise WeChat, DingTalk or Feishu replace `messages` (their callback) and `show` (their sending call).

    LIANLUO_HTTP_SECRET=… python examples/bridge.py
"""

import hashlib
import hmac
import json
import os
import secrets
import sys
import threading
import time
import urllib.error
import urllib.request
import uuid

SERVER = os.environ.get("LIANLUO_URL", "http://127.0.0.1:8000")
SECRET = os.environ["LIANLUO_HTTP_SECRET"]


def call(method, path, content=None):
    """One signed request; tried again, signed anew, until the bot has answered it."""
    path, body = "/api/v1" + path, json.dumps(content).encode() if content is not None else b""
    while True:
        stamp, nonce = str(int(time.time())), secrets.token_hex(16)
        signed = "\n".join((stamp, nonce, method, path, "")).encode() + body
        request = urllib.request.Request(SERVER + path, body or None, method=method)
        request.add_header("Content-Type", "application/json")
        request.add_header("X-Lianluo-Timestamp", stamp)
        request.add_header("X-Lianluo-Nonce", nonce)
        request.add_header(
            "X-Lianluo-Signature", hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as fault:
            detail = json.load(fault).get("detail", fault.reason)
            print(f"{path}: {detail}", file=sys.stderr, flush=True)
            if fault.code < 500 and fault.code != 401:
                return None  # it will never do: leave this one out
        except OSError as fault:
            print(f"{SERVER} does not answer ({fault})", file=sys.stderr, flush=True)
        time.sleep(2)


def messages():
    """What people write; an id of the platform's own makes a message that is delivered twice harmless."""
    for line in sys.stdin:
        room, sender, text = line.rstrip("\n").split("\t", 2)
        yield {"id": f"terminal-{uuid.uuid4()}", "room": room, "sender": sender, "text": text}


def show(post):
    """A post in the room, or to one member; those who are called stand in `mentions`."""
    print(f"[{post['room'] or post['to']}] {post['text']}", flush=True)


def bring_posts():
    while True:
        for post in (call("GET", "/posts?wait=25") or {"posts": []})["posts"]:
            show(post)
            call("POST", "/posts/acknowledge", {"cursor": post["cursor"]})


if __name__ == "__main__":
    threading.Thread(target=bring_posts, daemon=True).start()
    for message in messages():
        call("POST", "/messages", message)
    threading.Event().wait()  # nobody writes any more; posts are still shown
