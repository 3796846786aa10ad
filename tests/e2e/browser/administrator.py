"""An administrator at work: what a newcomer arranges for a company, page by page."""

from __future__ import annotations

from playwright.async_api import Locator, expect

from centrale.phones.digest import Credentials
from tests.e2e.browser.people import Person, Someone

SAVED = "Opgeslagen. Het geldt vanaf het volgende gesprek."


class Administrator(Person):
    """May do what a customer's administrator may; the operator of the platform is one of every customer."""

    # Customers ----------------------------------------------------------------------------------------------------

    async def makes_customer(self, number: str, name: str) -> None:
        """And is on its first page."""
        await self.goes_to("Klanten")
        await self.presses("Nieuwe klant")
        await self.fills("Klantnummer", number, within=self.dialog)
        await self.fills("Naam", name, within=self.dialog)
        await self.presses("Opslaan", within=self.dialog)
        await self.sees_heading(name)

    async def makes_trunk(self, name: str, *, port: int) -> None:
        """To a provider on this machine."""
        await self.goes_to("Trunks")
        await self.presses("Nieuwe trunk")
        await self.fills("Naam", name, within=self.dialog)
        await self.fills("Host", "127.0.0.1", within=self.dialog)
        await self.fills("Poort", str(port), within=self.dialog)
        await self.fills("Interval van controles (seconden)", "0", within=self.dialog)
        await self.presses("Opslaan", within=self.dialog)
        await self.sees_heading(name)

    async def assigns_trunk(self, name: str) -> None:
        """For the calls to outside of the customer who is looked at."""
        await self.goes_to("Klantgegevens")
        await self.chooses("Trunk toevoegen", name)
        await self.presses("Opslaan", within=self.page.locator("#trunks"))
        await self.hears_and_closes(SAVED)

    async def sets_number_for_emergencies(self, number: str) -> None:
        """Without it nothing of the customer can be saved. `number` as people read it."""
        await self.goes_to("Klantgegevens")
        await self.chooses("Terugval afzendernummer voor noodoproepen", number)
        await self.page.get_by_role("button", name="Opslaan", exact=True).first.click()
        await self.hears_and_closes(SAVED)

    async def invites(self, someone: Someone, name: str, *, role: str, extension: str = "") -> None:
        """`role` and `extension` as the lists show them. They get a letter."""
        await self.goes_to("Webgebruikers")
        await self.presses("Iemand uitnodigen")
        await self.fills("Naam", name, within=self.dialog)
        await self.fills("E-mailadres", someone.email, within=self.dialog)
        await self.chooses("Rol", role, within=self.dialog)
        if extension:
            await self.chooses("Gebruikersextensie", extension, within=self.dialog)
        await self.presses("Iemand uitnodigen", within=self.dialog)
        await expect(self.dialog.get_by_role("status")).to_contain_text("Link om een wachtwoord te kiezen")
        await self.closes_dialog()
        await self.sees_row(name, someone.email, "Uitgenodigd")

    # Extensions -----------------------------------------------------------------------------------------------------

    async def makes_extension(self, kind: str, number: str, name: str, *, pin: str = "") -> None:
        """By the menu of kinds, with what a newcomer fills in."""
        await self.begins_extension(kind, number, name)
        if pin:
            await self.fills("Pincode", pin)
        await self.presses("Opslaan")
        await self.sees_heading(f"{number} {name}")

    async def begins_extension(self, kind: str, number: str, name: str) -> None:
        """A form that is not saved yet."""
        await self.goes_to("Extensies")
        await self.presses("Nieuwe extensie")
        await self.page.get_by_role("menuitem", name=kind, exact=True).click()
        await self.fills("Nummer", number)
        await self.fills("Naam", name)

    async def makes_announcement(self, number: str, name: str, *, text: str) -> None:
        await self.begins_extension("AutoAnswer", number, name)
        await self.fills("Uit te spreken tekst", text)
        await self.presses("Opslaan")
        await self.sees_heading(f"{number} {name}")

    async def makes_queue(self, number: str, name: str, *, members: list[str]) -> None:
        """`members` as the lists show them: number and name."""
        await self.begins_extension("Wachtrij", number, name)
        for place, member in enumerate(members):
            await self.presses("Toevoegen", within=self.group("Leden"))
            await self.group("Leden").get_by_role("combobox", name="Agent", exact=True).nth(place).click()
            await self.page.get_by_role("option", name=member, exact=True).click()
        await self.presses("Opslaan")
        await self.sees_heading(f"{number} {name}")

    async def makes_menu(self, number: str, name: str, *, question: str, options: dict[str, str]) -> None:
        """`options`: what callers press, and where it leads."""
        await self.begins_extension("Keuzemenu", number, name)
        await self.fills("Uit te spreken tekst", question)
        rows = self.group("Opties")
        for place, (keys, destination) in enumerate(options.items()):
            await self.presses("Toevoegen", within=rows)
            await rows.get_by_role("textbox", name="Toetsen", exact=True).nth(place).fill(keys)
            await rows.get_by_role("combobox", name="Bestemming", exact=True).nth(place).click()
            await self.page.get_by_role("option", name=destination, exact=True).click()
        await self.presses("Opslaan")
        await self.sees_heading(f"{number} {name}")

    async def makes_channel(self, *, user: str) -> Credentials:
        """For this user's phone; what is typed into it."""
        await self.goes_to("Kanalen")
        await self.presses("Nieuw kanaal")
        await self.chooses("Gekoppelde gebruiker", user, within=self.dialog)
        await self.presses("Opslaan", within=self.dialog)
        name, password = [await self.copied(label) for label in ("Gebruikersnaam", "Wachtwoord")]
        await self.closes_dialog()
        return Credentials(name, password)

    async def copied(self, label: str) -> str:
        """A value that a page shows for taking over."""
        return (await self.dialog.get_by_role("group", name=label, exact=True).locator("pre").inner_text()).strip()

    # Numbers and plans ----------------------------------------------------------------------------------------------

    async def adds_number(self, e164: str, *, reads: str) -> None:
        """`reads`: how the pages show it to people."""
        await self.goes_to("Telefoonnummers")
        await self.presses("Nummer toevoegen")
        await self.fills("Nummer", e164, within=self.dialog)
        await self.presses("Opslaan", within=self.dialog)
        await self.sees_row(reads, "Actief")

    async def opens_plans(self) -> None:
        """Of the one schema that a new customer has."""
        await self.goes_to("Nummerplannen")
        await self.page.get_by_role("main").get_by_role("link").filter(has_text="1 ").first.click()
        await expect(self.page.get_by_role("tab", name="Nu en plannen")).to_be_visible()

    async def makes_plan(self, name: str, *, number: str, leads_to: str) -> None:
        await self.opens_plans()
        await self.presses("Nieuw plan")
        await self.fills("Naam", name, within=self.dialog)
        await self.presses("Opslaan", within=self.dialog)
        await self.presses("Nummer toevoegen")
        line = self.group(number)
        await line.get_by_role("combobox", name="Leidt naar", exact=True).click()
        await self.page.get_by_role("option", name=leads_to, exact=True).click()
        await self.presses("Opslaan")
        await self.hears_and_closes(SAVED)

    async def sets_working_hours(self, plan: str) -> None:
        """Monday to Friday, nine to five: what a new entry begins with."""
        await self.opens_plans()
        await self.tab("Week")
        await self.presses("Nieuwe regel")
        await self.chooses("Plan", plan, within=self.page.get_by_role("region", name="Regel van de week"))
        await self.presses("Opslaan")
        await self.hears_and_closes(SAVED)

    async def sets_standing_plan(self, plan: str) -> None:
        await self.opens_plans()
        await self.chooses("Vast plan", plan)
        await self.hears_and_closes(SAVED)

    async def adds_holiday(self, name: str, start: str, end: str, *, plan: str) -> None:
        """`start` and `end` as 2026-12-25T00:00."""
        await self.opens_plans()
        await self.tab("Vakanties")
        await self.presses("Nieuwe vakantie")
        await self.fills("Omschrijving", name, within=self.dialog)
        await self.dialog.get_by_label("Begin").fill(start)
        await self.dialog.get_by_label("Einde").fill(end)
        await self.chooses("Plan", plan, within=self.dialog)
        await self.presses("Opslaan", within=self.dialog)
        await self.sees_row(name)

    async def switches_now(self, plan: str) -> None:
        await self.opens_plans()
        await self.chooses("Plan", plan)
        await self.presses("Nu omschakelen")
        await expect(self.page.get_by_role("region", name="Nu actief")).to_contain_text(plan)

    async def expects_call(self, name: str, *, caller: str, called: str, enters: str, reaches: str) -> None:
        """On Monday at ten, what a new expectation begins with."""
        await self.goes_to("Nummerplannen")
        await self.tab("Verwachtingen")
        await self.presses("Nieuwe verwachting")
        await self.fills("Naam", name, within=self.dialog)
        await self.fills("Beller", caller, within=self.dialog)
        await self.fills("Wat wordt gekozen", called, within=self.dialog)
        await self.fills("Wat de beller intoetst", enters, within=self.dialog)
        await self.page.keyboard.press("Enter")
        await self.chooses("Extensie", reaches, within=self.dialog)
        await self.presses("Opslaan", within=self.dialog)
        await expect(self.dialog).to_have_count(0)

    # Small things ---------------------------------------------------------------------------------------------------

    async def closes_dialog(self) -> None:
        """By its button at the end; the cross above has the same name."""
        await self.dialog.get_by_role("button", name="Sluiten", exact=True).last.click()

    def group(self, name: str) -> Locator:
        return self.page.get_by_role("group", name=name, exact=True)
