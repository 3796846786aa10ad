"""How the exchange is, for the platform's administrator: what `/healthz` and `centrale doctor` say (OPS-1)."""

from __future__ import annotations

from enum import StrEnum

from fastapi import APIRouter
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from centrale.api.access import PlatformOnly
from centrale.api.operating import health_of
from centrale.api.speaking import Spoken
from centrale.api.units import Services
from centrale.operation.doctor import examine
from centrale.wording.health import of_itself

router = APIRouter(prefix="/health", tags=["operation"], dependencies=[PlatformOnly])


class Condition(StrEnum):
    """How a check ended."""

    GOOD = "good"
    NOTE = "note"
    """Worth knowing; calls are made."""
    BAD = "bad"


class FindingOut(BaseModel):
    """One check of the doctor."""

    subject: str = Field(title="What was looked at")
    condition: Condition = Field(title="How it is")
    found: str = Field(title="What was found")
    remedy: str = Field(title="What to do")


class HealthReport(BaseModel):
    """Can calls be made now, and how is everything that they need?"""

    healthy: bool = Field(title="Can calls be made")
    problems: list[str] = Field(title="Why they cannot, in sentences")
    notes: list[str] = Field(title="What else is worth knowing, in sentences")
    findings: list[FindingOut] = Field(title="What the doctor found")


@router.get("", summary="How is the exchange?")
async def get_health(services: Services, language: Spoken) -> HealthReport:
    """Looks anew, which takes a second or some: the mail server is tried, too."""
    now = await health_of(services)
    findings = await run_in_threadpool(examine, services.settings)
    return HealthReport(
        healthy=now.healthy,
        problems=[of_itself(it, language) for it in now.problems],
        notes=[of_itself(it, language) for it in now.notes],
        findings=[
            FindingOut(
                subject=of_itself(it.subject, language),
                condition=Condition(it.health.value),
                found=of_itself(it.found, language),
                remedy=of_itself(it.remedy, language),
            )
            for it in findings
        ],
    )
