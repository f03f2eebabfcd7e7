"""The page's view of the database: what was said in a room, which cases are open."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, selectinload, sessionmaker

from actions import figures, figures_text, propose, wording
from actions.case import OPEN
from actions.desk import Desk
from actions.hospital_figures import HospitalFigures, hospital_figures
from actions.models import Case, Event, Message, Post, Setting
from actions.outcomes import outcome_name
from actions.phrasebook import Phrasebook
from actions.roll import with_introduced
from bot.app import TICKED, Application
from bot.channels.base import PICTURE, Incoming, Outgoing
from bot.channels.http_queue import unacknowledged
from bot.noise import posts_of_cases, posts_of_rooms
from bot.views import CaseRow, ChatLine, TimelineRow
from bot.web.backend import Changed, MemberInfo, RoomInfo

BOT = "联络"
NOTES = {"lost": "不确定是否送达", "unconfirmed": "不确定是否送达", "undeliverable": "没有送达"}
NOT_SURE = tuple(NOTES)
SHOWN_POSTS = ("sent", "claimed", *NOT_SURE)
WEB = "web"


class Board:
    """Implements bot.web.backend.Backend over the running application."""

    def __init__(
        self,
        app: Application,
        receive: Callable[[Incoming], Awaitable[None]],
        engine: Callable[[], str],
        channels: Callable[[], dict[str, str]] = dict,
    ) -> None:
        self.site_name = app.site.name
        self._app = app
        self._receive = receive
        self._engine = engine
        self._channels = channels
        self.sessions: sessionmaker[Session] = app.sessions
        self._subscribers: list[Changed] = []

    def rooms(self) -> list[RoomInfo]:
        return [RoomInfo(room.name, room.purpose) for room in self._app.site.rooms.values()]

    def members(self, room: str | None) -> list[MemberInfo]:
        with self.sessions() as session:
            members = with_introduced(session, self._app.site).members.values()
        return [MemberInfo(each.name, each.role) for each in members if room is None or room in each.rooms]

    def history(self, room: str | None, member: str, before: str | None, limit: int) -> list[ChatLine]:
        with self.sessions() as session:
            until = _moment_of(session, before)
            lines = _said(session, room, member, until, limit) + _posted(session, room, member, until, limit)
        return sorted(lines, key=lambda line: (line.at, line.kind is not None))[-limit:]

    def open_cases(self) -> list[CaseRow]:
        with self.sessions() as session:
            query = select(Case).where(Case.status.in_(OPEN)).order_by(Case.level, Case.id)
            query = query.options(selectinload(Case.reminder))
            cases = session.scalars(query).all()
            since = min((case.opened_at for case in cases), default=self._app.clock.now())
            posts = posts_of_cases(session, since)
            today = self._app.clock.now().astimezone(self._app.site.tz).date()
            return [_row(case, posts[case.id], today) for case in cases]

    def hospitals(self) -> list[HospitalFigures]:
        now = self._app.clock.now().astimezone(self._app.site.tz)
        with self.sessions() as session:
            return hospital_figures(session, datetime.combine(now.date(), time(), now.tzinfo), now)

    def timeline(self, number: str) -> list[TimelineRow]:
        with self.sessions() as session:
            case = session.scalar(select(Case).where(Case.number == number))
            return [_happened(event) for event in case.timeline] if case else []

    async def say(self, incoming: Incoming) -> None:
        line = ChatLine(
            id=incoming.message_id,
            at=incoming.at,
            room=incoming.room,
            sender=incoming.sender,
            role=incoming.role,
            text=incoming.text or PICTURE,
            quote=incoming.quote,
            to=None if incoming.room else BOT,
        )
        self._tell(line)
        await self._receive(incoming)
        self._tell(None)

    def subscribe(self, changed: Changed) -> Callable[[], None]:
        self._subscribers.append(changed)

        def leave() -> None:
            if changed in self._subscribers:
                self._subscribers.remove(changed)

        return leave

    def posted(self, post: Outgoing, state: str = "sent") -> None:
        """A post has gone out, or could not: show it on every open page."""
        who = (post.room, BOT, None, post.text, None, post.kind, post.case, post.to)
        self._tell(ChatLine(post.post_id, post.at, *who, note=NOTES.get(state)))
        self._tell(None)

    def medicine_list(self, day: date | None) -> tuple[date, bytes]:
        from bot import medicines  # noqa: PLC0415 (the library for Excel files is loaded when somebody wants one)

        wanted = day or self._app.clock.now().astimezone(self._app.site.tz).date()
        with self.sessions() as session:
            return wanted, medicines.excel(medicines.rows_of(session, self._app.site, wanted))

    def figures_file(self, form: str, day: date | None) -> tuple[date, bytes]:
        from bot.figures import as_file  # noqa: PLC0415 (what writes files is loaded when somebody wants one)

        with self.sessions() as session:
            desk = Desk(session, self._app.site, Phrasebook(), self._app.clock.now())
            wanted = day or desk.local(desk.now).date()
            counted = figures.of_days(desk, wanted, wanted)
            return wanted, as_file(desk, counted, figures_text.of_span(desk, counted, wanted, wanted), form)

    def health(self) -> dict[str, Any]:
        with self.sessions() as session:
            opened = session.scalar(select(func.count(Case.id)).where(Case.status.in_(OPEN)))
            waiting = session.scalar(select(func.count(Message.id)).where(Message.handled_at.is_(None)))
            unsent = session.scalar(select(func.count(Post.id)).where(Post.state == "waiting"))
            counted = (
                select(Post.state, func.count(Post.id)).where(Post.state.in_(NOT_SURE)).group_by(Post.state)
            )
            unsure = {row[0]: row[1] for row in session.execute(counted)}
            ticked = session.get(Setting, TICKED)
            rooms = posts_of_rooms(session, self._app.clock.now())
            unfetched = unacknowledged(session)
        return {
            "status": "ok",
            "site": self._app.site.code,
            "engine": self._engine(),
            "open_cases": opened,
            "messages_waiting": waiting,
            "posts_waiting": unsent,
            "posts_unconfirmed": unsure.get("lost", 0) + unsure.get("unconfirmed", 0),
            "posts_undeliverable": unsure.get("undeliverable", 0),
            "channels": self._channels(),
            "posts_unacknowledged": unfetched,
            "posts_last_hour": rooms,
            "last_tick": ticked.value if ticked else None,
        }

    def _tell(self, line: ChatLine | None) -> None:
        for changed in list(self._subscribers):
            changed(line)


def _happened(event: Event) -> TimelineRow:
    detail = event.detail
    if detail.get("outcome"):
        detail = {**detail, "outcome": outcome_name(detail["outcome"])}
    shown = [
        f"{key} {detail[key]}"
        for key in ("was", "now", "hospital", "to", "stage", "outcome")
        if detail.get(key)
    ]
    return TimelineRow(event.at, event.who, " ".join([event.what, *shown]))


def _said(
    session: Session, room: str | None, member: str, until: datetime | None, limit: int
) -> list[ChatLine]:
    query = select(Message).order_by(Message.id.desc()).limit(limit)
    query = query.where(_here(Message.room, room))
    if room is None:
        query = query.where(Message.sender == member)
    if until is not None:
        query = query.where(Message.at < until)
    return [
        ChatLine(
            each.message_id,
            each.at,
            each.room,
            each.sender,
            each.role,
            each.text,
            each.quote,
            to=None if each.room else BOT,
        )
        for each in session.scalars(query)
    ]


def _posted(
    session: Session, room: str | None, member: str, until: datetime | None, limit: int
) -> list[ChatLine]:
    query = select(Post).where(Post.state.in_(SHOWN_POSTS)).order_by(Post.id.desc()).limit(limit)
    query = query.where(_here(Post.room, room))
    if room is None:
        query = query.where(Post.to == member)
    if until is not None:
        query = query.where(Post.at < until)
    return [
        ChatLine(
            each.public_id,
            each.at,
            each.room,
            BOT,
            None,
            each.text,
            kind=each.kind,
            case=each.case_number,
            to=each.to,
            note=NOTES.get(each.state),
        )
        for each in session.scalars(query)
    ]


def _here(column: Any, room: str | None) -> ColumnElement[bool]:
    found: ColumnElement[bool] = column.is_(None) if room is None else column == room
    return found


def _moment_of(session: Session, line_id: str | None) -> datetime | None:
    if line_id is None:
        return None
    if line_id.startswith("b") and line_id[1:].isdigit() and (post := session.get(Post, int(line_id[1:]))):
        return post.at
    return session.scalar(select(Message.at).where(Message.channel == WEB, Message.message_id == line_id))


def _row(case: Case, posts: int, today: date) -> CaseRow:
    return CaseRow(
        number=case.number,
        opened_at=case.opened_at,
        status=case.status,
        level=case.level,
        specialty=case.specialty,
        category=case.category,
        town=case.town,
        hospital=case.hospital,
        owner=case.owner,
        room=case.room,
        summary=""
        if case.private
        else "，".join(filter(None, [wording.person(case, today), wording.complaint(case)])),
        private=case.private,
        next_due=case.reminder.due_at if case.reminder else None,
        posts=posts,
        others=tuple(f"{name}（{why}）" for name, why in propose.others(case)),
    )
