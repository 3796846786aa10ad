"""The tables, by aggregate. Keys are the natural ones (extension number, channel name, E.164): a row reads by itself,
and a foreign key that includes the account keeps accounts apart inside the database too (ACC-1)."""

from centrale.accounts.models.base import Base
from centrale.accounts.models.contacts import ContactNumberRow, ContactRow
from centrale.accounts.models.notices import NoticeRow
from centrale.accounts.models.operation import (
    ApiTokenRow,
    AuditRow,
    CallPartyRow,
    CallRow,
    LockoutRow,
    LogonRow,
    QueueLogonRow,
    SettingRow,
)
from centrale.accounts.models.people import PartnerRow, WebLinkRow, WebSessionRow, WebUserRow
from centrale.accounts.models.plans import (
    ExpectationRow,
    HolidayRow,
    PlanEntryRow,
    PlanRow,
    ScheduleEntryRow,
    SchemaRow,
    SchemaVersionRow,
)
from centrale.accounts.models.statistics import (
    AgentFiguresRow,
    QueueEventRow,
    QueueFiguresRow,
    QueueMarkRow,
    QueueMemoryRow,
    QueueSessionRow,
)
from centrale.accounts.models.tenants import AccountRow, ChannelRow, ExtensionRow, NumberRow
from centrale.accounts.models.trunks import AccountTrunkRow, TrunkRow
from centrale.accounts.models.voices import MessageRow, MusicRow, SoundRow
from centrale.accounts.models.webhooks import (
    KeptAnswerRow,
    WebhookAttemptRow,
    WebhookDeliveryRow,
    WebhookEventRow,
    WebhookRow,
    WebhookToldRow,
)

__all__ = [
    "AccountRow",
    "AccountTrunkRow",
    "AgentFiguresRow",
    "ApiTokenRow",
    "AuditRow",
    "Base",
    "CallPartyRow",
    "CallRow",
    "ChannelRow",
    "ContactNumberRow",
    "ContactRow",
    "ExpectationRow",
    "ExtensionRow",
    "HolidayRow",
    "KeptAnswerRow",
    "LockoutRow",
    "LogonRow",
    "MessageRow",
    "MusicRow",
    "NoticeRow",
    "NumberRow",
    "PartnerRow",
    "PlanEntryRow",
    "PlanRow",
    "QueueEventRow",
    "QueueFiguresRow",
    "QueueLogonRow",
    "QueueMarkRow",
    "QueueMemoryRow",
    "QueueSessionRow",
    "ScheduleEntryRow",
    "SchemaRow",
    "SchemaVersionRow",
    "SettingRow",
    "SoundRow",
    "TrunkRow",
    "WebLinkRow",
    "WebSessionRow",
    "WebUserRow",
    "WebhookAttemptRow",
    "WebhookDeliveryRow",
    "WebhookEventRow",
    "WebhookRow",
    "WebhookToldRow",
]
