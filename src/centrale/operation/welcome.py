"""What a person needs to begin: printed on the terminal when calls can be made. It never goes into a log."""

from __future__ import annotations

import io

from rich.console import Console
from rich.table import Table

from centrale.accounts import demo
from centrale.settings import Settings


def welcome(settings: Settings) -> str:
    """Addresses, sign-in, and the demo's phones where there is a demo."""
    host = settings.external_address or str(settings.bind)
    if settings.bind.is_unspecified and settings.external_address is None:
        host = "<this machine>"
    elif ":" in host:
        host = f"[{host}]"
    text = io.StringIO()
    console = Console(file=text, width=100, highlight=False)
    console.print("\n[bold]Centrale runs.[/] Calls can be made.\n")
    known = demo.read_secrets(settings.home)
    console.print(f"  Portal                 {settings.portal}", soft_wrap=True)
    if known is not None and known.portal_password:
        console.print(f"    sign in as           {demo.ADMINISTRATOR}", soft_wrap=True)
        console.print(f"    with the password    {known.portal_password}", soft_wrap=True)
    console.print(f"  API and documentation  http://{host}:{settings.http_port}/docs", soft_wrap=True)
    console.print(f"  Health                 http://{host}:{settings.http_port}/healthz", soft_wrap=True)
    console.print(f"  SIP (UDP and TCP)      {host}:{settings.sip_port}", soft_wrap=True)
    if known is not None:
        console.print(f"  API token              {known.token}\n", soft_wrap=True)
        console.print(_phones(known))
        console.print(
            "\n  On a phone: dial 901 to log on with an extension and its PIN, then call another, or 300 for the group."
            "\n  Without a phone at hand: [bold]centrale demo[/] places real calls. Ctrl-C here ends the exchange.\n",
            soft_wrap=True,
        )
        if known.known:
            console.print("  These passwords are known ones, on loopback only. CENTRALE_BIND opens the exchange, and")
            console.print("  generated ones replace them.\n")
    return text.getvalue()


def _phones(known: demo.DemoSecrets) -> Table:
    table = Table(
        "SIP user", "SIP password", "log on as (901)", "PIN", "name", title="Demo phones", title_justify="left"
    )
    for (channel, password), (user, name) in zip(known.passwords.items(), demo.PEOPLE.items(), strict=True):
        table.add_row(channel, password, user, known.pins[user], name)
    return table
