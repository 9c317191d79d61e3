"""Every page as people see it, in a real browser: on a phone and on a desk, by day and by night, in both languages."""

from __future__ import annotations

import pytest

from tests.browser import log_in, window
from tests.portal import PASSWORDS

PAGES = {
    "": ("/login", "/first", "/office/login", "/no-such-page", "/help", "/help/driver"),
    "000200002": (
        "/fund", "/vouchers", "/vouchers/new", "/vouchers/split", "/vouchers/import", "/vouchers/P-00231", "/people",
        "/vehicles", "/statement", "/acts", "/pin", "/password",
    ),
    "LX-01": ("/mine", "/pin", "/vouchers/P-00231/activation"),
    "000100001": ("/points", "/statement", "/disputes"),
    "HO-01": (
        "/office", "/office/review", "/office/signals", "/office/stations", "/office/terminals",
        "/office/fleet", "/office/cashiers",
        "/office/prices", "/office/limits",
        "/office/programme", "/office/acts", "/office/stations/CHXD018",
    ),
}  # fmt: skip

FAULTS = """() => {
  const wide = document.documentElement.scrollWidth > document.documentElement.clientWidth;
  const named = element => element.labels && element.labels.length || element.getAttribute('aria-label');
  const nameless = [...document.querySelectorAll('input:not([type=hidden]),select,textarea')].filter(e => !named(e));
  const twice = [...document.querySelectorAll('[id]')].map(e => e.id).filter((id, at, all) => all.indexOf(id) !== at);
  const light = text => {
    const [r, g, b] = text.match(/[\\d.]+/g).slice(0, 3).map(v => v / 255)
      .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = element => {
    for (let at = element; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (!/, 0\\)$|transparent/.test(colour)) return colour;
    }
    return 'rgb(255, 255, 255)';
  };
  const pale = [];
  for (const element of document.querySelectorAll('body *')) {
    const said = [...element.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
    if (!said || !element.offsetParent) continue;
    const [one, other] = [light(getComputedStyle(element).color), light(ground(element))];
    const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    if (ratio < 4.5) pale.push(element.textContent.trim().slice(0, 30) + ' ' + ratio.toFixed(2));
  }
  const small = [...document.querySelectorAll('button,select,.button,.tool,.nav a')]
    .filter(e => e.offsetParent && e.getBoundingClientRect().height < 43.5).map(e => e.textContent.trim().slice(0, 30));
  const bare = ['main', 'header', 'footer', 'h1'].filter(name => document.querySelectorAll(name).length !== 1);
  const rest = {wide, nameless: nameless.map(e => e.name), twice, pale, small, bare};
  return Object.entries(rest).filter(([, found]) => found === true || found.length).map(([n, f]) => n + ': ' + f);
}"""


@pytest.mark.timeout(240)
@pytest.mark.parametrize(
    ("language", "phone", "night"), [("vi", True, False), ("en", False, True)], ids=["vi-phone-day", "en-desk-night"]
)
def test_every_page_fits_reads_and_names_its_fields(browser, central, language, phone, night):
    found = {}
    for who, paths in PAGES.items():
        with window(browser, central.addresses.portal, phone=phone, language=language) as page:
            page.emulate_media(color_scheme="dark" if night else "light")
            if who:
                log_in(page, who, PASSWORDS[who])
            for path in paths:
                page.goto(path, wait_until="load")  # with its stylesheet
                if faults := page.evaluate(FAULTS):
                    found[path] = faults
                assert page.get_attribute("html", "lang") == language
    assert found == {}


def test_a_form_with_faults_leads_to_the_field(browser, central):
    with window(browser, central.addresses.portal) as page:
        log_in(page, "000200002", PASSWORDS["000200002"])
        page.goto("/vouchers/new")
        page.fill("#points", "7")
        page.press("#points", "Enter")
        page.click("[role=alert] a")
        assert page.evaluate("document.activeElement.id") == "points"
        assert page.get_attribute("#points", "aria-describedby") == "points-hint points-error"
        assert page.title().startswith("Error")


def test_nothing_needs_a_script(browser, central):
    context = browser.new_context(base_url=central.addresses.portal, java_script_enabled=False, locale="en")
    page = context.new_page()
    log_in(page, "LX-02", PASSWORDS["LX-02"])
    page.click("nav >> text=PIN")
    page.fill("#old", "864209")
    page.fill("#pin", "271828")
    page.fill("#again", "271828")
    page.press("#again", "Enter")
    page.wait_for_url("**/mine?done=pin_made")
    context.close()


@pytest.mark.parametrize(
    ("spoilt", "told"),
    [
        ("document.querySelector('h1').style.color = '#c8ccd2'", "pale"),
        ("document.querySelector('label[for=who]').remove()", "nameless"),
        ("document.querySelector('form.card').style.minWidth = '3000px'", "wide"),
        ("document.querySelector('.button').style.minHeight = '20px'", "small"),
        ("document.querySelector('main').id = 'who'", "twice"),
        ("document.querySelector('footer').remove()", "bare"),
    ],
)
def test_a_page_that_is_spoilt_is_found_out(browser, central, spoilt, told):
    with window(browser, central.addresses.portal) as page:
        page.goto("/login")
        page.evaluate(spoilt)
        assert any(fault.startswith(told) for fault in page.evaluate(FAULTS))
