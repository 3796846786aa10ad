"""What each role sees, and that an address which is not theirs says so (ROLE-1..4)."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.e2e.browser.administrator import Administrator
from tests.e2e.browser.conftest import OpenOffice, SignsIn
from tests.e2e.browser.people import OPERATOR, invited
from tests.e2e.exchange.office import Office

OF_A_SUPERVISOR = [
    *("Overzicht", "Extensies", "Wachtrijen", "Lopende gesprekken", "Gespreksgeschiedenis", "Contacten"),
]
OF_AN_ADMINISTRATOR = [
    *OF_A_SUPERVISOR,
    *("Nummerplannen", "Voicemailboxen", "Geluiden en muziek", "Kanalen", "Telefoonnummers", "Webgebruikers"),
    *("API-tokens", "Wijzigingen", "Klantgegevens"),
]
FORBIDDEN = r"status of (403|404)"


async def menu_of(person: Administrator) -> list[str]:
    links = person.page.get_by_role("navigation").get_by_role("link")
    await expect(links.first).to_be_visible()
    return [title.strip() for title in await links.all_inner_texts()]


async def is_kept_out_of(person: Administrator, address: str) -> None:
    """An address that is typed in all the same says that it is not for this person, and shows nothing."""
    with person.window.forgives(FORBIDDEN):
        await person.opens(address)
        told = person.page.get_by_text("Dit adres leidt nergens heen").or_(
            person.page.get_by_role("main").get_by_role("alert")
        )
        await expect(told.first).to_be_visible()


async def test_the_operator_sees_every_customer_and_the_platform(office: Office, signs_in: SignsIn) -> None:
    operator = await signs_in(OPERATOR)
    assert {"Klanten", "Partners", "Trunks", "Systeemstatus"} <= set(await menu_of(operator))
    await operator.opens(f"/accounts/{office.id}")
    await operator.sees_heading(f"Customer {office.serial}")
    assert set(OF_AN_ADMINISTRATOR) <= set(await menu_of(operator))


async def test_a_partner_sees_and_makes_customers_of_their_own_and_no_other(
    open_office: OpenOffice, signs_in: SignsIn
) -> None:
    office, rivals = await open_office(), await open_office()
    partner = await office.api.post("partners", name=f"Dealer {office.serial}")
    await office.api.put(f"{office.path}/partner", partner=partner["id"])
    pim = await signs_in(await invited(office.api, role="partner", name=f"Pim {office.serial}", partner=partner["id"]))
    await pim.sees_heading("Klanten")
    menu = await menu_of(pim)
    assert menu == ["Klanten", "Webgebruikers"], menu
    await pim.sees_row(f"Customer {office.serial}")
    await expect(pim.page.get_by_text(f"Customer {rivals.serial}")).to_have_count(0)
    await pim.makes_customer(f"P{office.serial}", "Slagerij Smit")
    assert set(OF_AN_ADMINISTRATOR) <= set(await menu_of(pim))
    await pim.goes_to("Klantgegevens")
    await expect(pim.page.get_by_role("button", name="Overdragen")).to_have_count(0)  # that is the platform's
    for address in (f"/accounts/{rivals.id}", f"/accounts/{rivals.id}/extensions", "/partners", "/trunks", "/health"):
        await is_kept_out_of(pim, address)
    await pim.opens("/")
    await pim.sees_row("Slagerij Smit")


async def test_an_administrator_sees_their_own_customer_and_no_other(
    open_office: OpenOffice, signs_in: SignsIn
) -> None:
    office, neighbours = await open_office(), await open_office()
    someone = await invited(office.api, role="account", name=f"Ada {office.serial}", account=office.id)
    administrator = await signs_in(someone)
    await administrator.sees_heading(f"Customer {office.serial}")
    menu = await menu_of(administrator)
    assert set(OF_AN_ADMINISTRATOR) <= set(menu)
    assert not {"Klanten", "Partners", "Trunks", "Systeemstatus"} & set(menu)
    for address in (f"/accounts/{neighbours.id}/extensions", f"/accounts/{neighbours.id}", "/trunks", "/health"):
        await is_kept_out_of(administrator, address)
    await expect(administrator.page.get_by_text(f"Customer {neighbours.serial}")).to_have_count(0)


async def test_a_supervisor_looks_and_changes_nothing(office: Office, signs_in: SignsIn) -> None:
    await office.user("201", "Anna Bol")
    someone = await invited(office.api, role="supervisor", name=f"Sofie {office.serial}", account=office.id)
    supervisor = await signs_in(someone)
    await supervisor.sees_heading(f"Customer {office.serial}")
    menu = await menu_of(supervisor)
    assert sorted(menu) == sorted(OF_A_SUPERVISOR), menu
    await supervisor.goes_to("Extensies")
    await supervisor.follows("201")
    await supervisor.sees_heading("201 Anna Bol")
    for name in ("Opslaan", "Verwijderen", "Nieuwe extensie"):
        await expect(supervisor.page.get_by_role("button", name=name, exact=True)).to_have_count(0)
    for page in ("channels", "people", "plans", "settings"):
        await is_kept_out_of(supervisor, f"/accounts/{office.id}/{page}")


async def test_a_user_has_their_own_telephone_and_nothing_else(office: Office, signs_in: SignsIn) -> None:
    await office.user("201", "Anna Bol")
    place = {"account": office.id, "extension": "201"}
    anna = await signs_in(await invited(office.api, role="end_user", name=f"Anna {office.serial}", **place))
    await expect(anna.page).to_have_url(re.compile(r"/me$"))
    menu = await menu_of(anna)
    assert menu[0] == "Mijn telefoon"
    assert not set(menu) & set(OF_AN_ADMINISTRATOR)
    await anna.fills("Altijd doorschakelen naar", "0612345678")
    await anna.presses("Opslaan")
    await anna.is_told("Opgeslagen.")
    await anna.opens("/me")
    await expect(anna.field("Altijd doorschakelen naar")).to_have_value("0612345678")
    for page in ("extensions", "records", "live"):
        await is_kept_out_of(anna, f"/accounts/{office.id}/{page}")


@pytest.mark.parametrize("address", ["/nergens", "/accounts/999999", "/accounts/1/extensions/99999"])
async def test_an_address_that_leads_nowhere_says_so(signs_in: SignsIn, address: str) -> None:
    operator = await signs_in(OPERATOR)
    await is_kept_out_of(operator, address)
