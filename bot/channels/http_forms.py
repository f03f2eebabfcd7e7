"""What goes over the HTTP channel, as OpenAPI describes it."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, field_validator, model_validator

from actions.desk import BOT

LONGEST_TEXT = 5000
LONGEST_NAME = 128
Name = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]
_OF_A_POST = re.compile(r"b\d+")


class MessageIn(BaseModel):
    """A message as somebody wrote it."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "id": "wecom-7001",
                "room": "医疗保障群",
                "sender": "佘山防控办-小张",
                "text": "佘山镇有位居民鱼刺卡喉三天了，饭也吃不下",
            }
        },
    )

    id: str = Field(
        min_length=1, max_length=100, description="of the platform; the same id is the same message again"
    )
    room: Name | None = Field(
        default=None, description="a room of the site pack; null: written to the bot privately"
    )
    sender: Name = Field(description="the name under which the member writes in the room")
    text: str = Field(default="", max_length=LONGEST_TEXT)
    quote: str | None = Field(
        default=None, max_length=100, description="id of the quoted message, or of a post (b12)"
    )
    mentions: list[Name] = Field(
        default_factory=list, max_length=50, description=f"who is called with @; the bot is {BOT}"
    )
    at: AwareDatetime | None = Field(
        default=None, description="when it was written, with offset; empty means now"
    )
    recalled: bool = Field(default=False, description="the message `id` was taken back by its sender")

    @field_validator("id")
    @classmethod
    def _not_a_post(cls, value: str) -> str:
        if _OF_A_POST.fullmatch(value):
            raise ValueError("ids like b12 are the bot's own; put something in front, such as wecom-b12")
        return value

    @model_validator(mode="after")
    def _says_something(self) -> MessageIn:
        if not self.text.strip() and not self.recalled:
            raise ValueError("text is empty")
        if self.sender == BOT:
            raise ValueError("the bot's own posts are no messages; leave them out")
        return self


class Kept(BaseModel):
    """The message is safe in the database; sending it again is harmless."""

    id: str
    state: str = Field(default="kept")


class PostOut(BaseModel):
    """A post of the bot for a room or, with `room` null, for the member `to` alone."""

    cursor: int = Field(description="its place in the order in which posts go out")
    id: str = Field(description="what a member quotes")
    at: datetime
    room: str | None
    to: str | None
    kind: str
    case: str | None
    text: str
    mentions: list[str]


class Posts(BaseModel):
    """Posts that have not been acknowledged, oldest first; one that has no further use is left out."""

    posts: list[PostOut]


class Acknowledgement(BaseModel):
    """Every post up to this one has been shown to people."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"cursor": 12}})

    cursor: int = Field(ge=0, lt=2**53)


class Acknowledged(BaseModel):
    """How many were waiting for this."""

    acknowledged: int


class Problem(BaseModel):
    """An error (RFC 9457); `detail` is one line that says what to mend."""

    type: str
    title: str
    status: int
    detail: str


def faults(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The errors of an operation, for its description."""
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    words = {
        401: "not signed, or signed wrongly",
        404: "no such room in the site pack",
        413: "too large",
        422: "a field is missing or wrong",
        503: "the bot is starting; try again",
    }
    return {status: {"description": words[status], "content": content} for status in statuses}
