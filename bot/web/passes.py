"""The page on which a pass is verified: /pass, /pass/<serial or code>, and /pass/<serial>.png or .pdf for printing.

Plain HTML without scripts: it is opened on whatever telephone stands at the gate.
"""

from __future__ import annotations

import re
from html import escape

from fastapi import FastAPI, Response
from fastapi.responses import HTMLResponse

from actions.fonts import NoFont
from bot.passes import FORMS, HOLDS, PassOffice

FILES = {"png": "图片（二维码）", "pdf": "PDF（打印）"}
SERIAL = re.compile(r"T\d{6}-\d{3,}")
_TYPES = {"png": "image/png", "pdf": "application/pdf"}
_PAGE = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><style>body{{font:18px/1.6 sans-serif;max-width:36rem;margin:2rem auto;padding:0 1rem}}
.ok{{background:#0b7a75}}.no{{background:#b3261e}}.ok,.no{{color:#fff;padding:.6rem 1rem;font-size:1.3rem}}
input{{font:inherit;width:100%;margin:.5rem 0}}</style><h1>{title}</h1>{body}
<form action="/pass"><input name="code" placeholder="{hint}"><button>{check}</button></form></html>"""


def add_routes(app: FastAPI, office: PassOffice) -> None:
    """Put the page into the application."""

    @app.get("/pass", response_class=HTMLResponse)
    def ask(code: str = "") -> str:
        return _page(office, _verdict(office, code) if code else "")

    @app.get("/pass/{code:path}")
    def shown(code: str) -> Response:
        serial, _, form = code.rpartition(".")
        if form in FORMS and "|" not in code:
            return _paper(office, serial, form)
        return HTMLResponse(_page(office, _verdict(office, code)))


def _verdict(office: PassOffice, code: str) -> str:
    verdict = office.verdict(code)
    state, *told = office.shown(verdict)
    mark = "ok" if verdict.state == "valid" else "no"
    body = f'<p class="{mark}" data-state="{verdict.state}">{escape(state)}</p>'
    body += "".join(f"<p>{escape(line)}</p>" for line in told)
    if verdict.state in HOLDS and verdict.facts is not None:
        links = (f'<a href="/pass/{verdict.facts.serial}.{form}">{form.upper()}</a>' for form in FORMS)
        body += f"<p>{' · '.join(links)}</p>"
    return body


def _page(office: PassOffice, body: str) -> str:
    say = office.phrases.say
    return _PAGE.format(
        title=escape(say("pass_page")),
        body=body,
        hint=escape(say("pass_page_hint")),
        check=escape(say("pass_page_check")),
    )


def _paper(office: PassOffice, serial: str, form: str) -> Response:
    try:
        content = office.paper(serial, form)
    except NoFont as error:
        return Response(str(error), status_code=503, media_type="text/plain")
    if content is None:
        return HTMLResponse(_page(office, _verdict(office, serial)), status_code=404)
    return Response(content, media_type=_TYPES[form])
