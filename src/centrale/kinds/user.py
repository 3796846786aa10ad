"""User: a person's extension (USR-1..7)."""

from __future__ import annotations

from pydantic import Field

from centrale.calls import Call, Next
from centrale.kinds.kind import Kind, KindSettings, Language, OwnNumber
from centrale.routing.snapshot import Extension


class UserRights(KindSettings):
    """What a user may do by phone (USR-3)."""

    time_configuration: bool = Field(default=False, title="May change number plans")
    recording_allowed: bool = Field(default=True, title="May be recorded")
    call_parking: bool = Field(default=False, title="May park calls")
    twinning: bool = Field(default=False, title="May be logged on to two desk phones at once")


class User(KindSettings):
    """A person (USR-1). The PIN is kept apart, hashed."""

    area_code: str | None = Field(default=None, pattern=r"^0\d{1,4}$", title="Area code")
    language: Language | None = Field(default=None, title="Language of menus", description="The account's if empty.")
    offer_second_call: bool = Field(
        default=True, title="Offer second call", description="Off: busy to further calls while in a call (USR-6)."
    )
    default_caller_id: OwnNumber | None = Field(
        default=None, title="Number shown outside", description="The account's if empty (CID-1)."
    )
    emergency_caller_id: OwnNumber | None = Field(default=None, title="Emergency caller-id fallback")
    rights: UserRights = UserRights()


async def answer(user: User, extension: Extension, call: Call) -> Next:
    raise NotImplementedError


def summary(user: User) -> str:
    return "rings the user's phones"


KIND = Kind(name="user", title={"en": "User", "nl": "Gebruiker"}, settings=User, answer=answer, summary=summary)
