"""The tables, by aggregate. Keys are the natural ones (extension number, channel name, E.164): a row reads by itself,
and a foreign key that includes the account keeps accounts apart inside the database too (ACC-1)."""

from centrale.accounts.models.base import Base
from centrale.accounts.models.operation import (
    ApiTokenRow,
    AuditRow,
    CallPartyRow,
    CallRow,
    LockoutRow,
    LogonRow,
    SettingRow,
)
from centrale.accounts.models.plans import (
    HolidayRow,
    PlanEntryRow,
    PlanRow,
    ScheduleEntryRow,
    SchemaRow,
    SchemaVersionRow,
)
from centrale.accounts.models.tenants import AccountRow, ChannelRow, ExtensionRow, NumberRow
from centrale.accounts.models.trunks import AccountTrunkRow, TrunkRow

__all__ = [
    "AccountRow",
    "AccountTrunkRow",
    "ApiTokenRow",
    "AuditRow",
    "Base",
    "CallPartyRow",
    "CallRow",
    "ChannelRow",
    "ExtensionRow",
    "HolidayRow",
    "LockoutRow",
    "LogonRow",
    "NumberRow",
    "PlanEntryRow",
    "PlanRow",
    "ScheduleEntryRow",
    "SchemaRow",
    "SchemaVersionRow",
    "SettingRow",
    "TrunkRow",
]
