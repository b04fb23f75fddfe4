"""The pages in a browser: WCAG 2.2 AA, every width, keyboard only, no request."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.outputs.html.test_render import found, report, rule
from tests.support import browser as chrome
from tests.support.running import AGAIN, BROKEN, DAY, READY, desk, run_here
from validator.model import Level, SchoolRow
from validator.outputs.html import render as html
from validator.privacy.masking import mask

pytestmark = pytest.mark.slow
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
KHAN = ("--profile", "khan-academy")
PAGES = {
    "broken": ("check", BROKEN, *KHAN, *DAY, "--report", "html"),
    "ready": ("check", READY, *KHAN, *DAY, "--report", "html"),
    "values": (
        "check",
        BROKEN,
        *KHAN,
        "-p",
        "freckle",
        "--sis",
        "powerschool",
        *DAY,
        "--report",
        "html",
        "--show-values",
    ),
    "everything": (*AGAIN, "--report", "html"),
    "could-not-tell": ("check", "half", *KHAN, *DAY, "--report", "html"),
    "portfolio": (
        "portfolio",
        BROKEN.parent,
        *KHAN,
        *DAY,
        "--jobs",
        "1",
        "--out",
        "readiness-report",
    ),
}
FILES = {"portfolio": "portfolio.html"}


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium, for all tests of this file."""
    with chrome.started() as one:
        yield one


@pytest.fixture(scope="module")
def tab(browser: Any) -> Iterator[chrome.Tab]:
    """A tab, for all tests of this file that leave its browser's settings alone."""
    with chrome.open_tab(browser) as one:
        yield one


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Every kind of page, as the commands write it."""
    pages = {}
    for name, words in PAGES.items():
        folder = tmp_path_factory.mktemp(name)
        (folder / "half").mkdir()
        for path in READY.glob("*.csv"):
            if path.stem != "sections":
                (folder / "half" / path.name).write_bytes(path.read_bytes())
        done = run_here(desk(folder) if name == "everything" else folder, *words)
        pages[name] = folder / "readiness-report" / FILES.get(name, "report.html")
        assert pages[name].is_file(), done.stderr
    many = [
        found(rule(f"fault-{number}", topic="classes"), np.arange(2, 4002), of=9_000)
        for number in range(3)
    ]
    pages["many"] = tmp_path_factory.mktemp("many") / "report.html"
    pages["many"].write_bytes(html.render(mask(report(many)), rows=3_000))
    return pages


CUT_OFF = """
[...document.querySelectorAll('h1,h2,h3,h4,p,dd,dt,li,summary,label')]
    .filter(it => it.offsetParent && !it.closest('.scroll,.away'))
    .filter(it => it.scrollWidth > it.clientWidth + 1 && getComputedStyle(it).display !== 'inline')
    .map(it => it.outerHTML.slice(0, 120))
"""
"""The elements whose text is wider than they are."""


def unfold(page: Any) -> None:
    """Opens everything that is folded."""
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")


AXE = """async tags => {
    const run = await axe.run(document, {runOnly: tags, resultTypes: ['violations']})
    return {
        passes: run.passes.length,
        version: run.testEngine.version,
        violations: run.violations.map(rule => `${rule.id}: ${rule.nodes[0].html.slice(0, 200)}`),
    }
}"""
"""Runs axe and returns only what is asserted: the whole result is slow to transfer."""


def violations(page: Any) -> list[str]:
    """The rules of axe that the page breaks, each with its first element."""
    script = files("axe_playwright_python").joinpath("axe.min.js")
    page.evaluate(script.read_text(encoding="utf-8"))
    result = page.evaluate(AXE, TAGS)
    assert result["passes"] > 20
    assert tuple(map(int, result["version"].split("."))) > (4, 8)
    return list(result["violations"])


@pytest.mark.promise("The pages pass axe for WCAG 2.2 AA and best practice, light and dark")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", [*PAGES, "many"])
def test_axe_finds_nothing_wrong(
    tab: chrome.Tab, made: dict[str, Path], name: str, scheme: str
) -> None:
    page = tab.show(made[name], color_scheme=scheme)
    unfold(page)
    assert violations(page) == []
    assert tab.said == []


def test_axe_finds_nothing_wrong_while_all_is_folded(
    tab: chrome.Tab, made: dict[str, Path]
) -> None:
    page = tab.show(made["broken"])
    assert violations(page) == []


OTHERS = {
    "guard.html": ("guard", BROKEN, "--state", "state", "--out", "out", *KHAN, *DAY),
    "reconcile.html": ("reconcile", "--sis", READY, "--app", "app.csv", "--out", "out", *DAY),
    "mended.html": ("mend", BROKEN, "--out", "out", *KHAN, *DAY),
}


@pytest.mark.parametrize("name", OTHERS)
def test_the_pages_of_other_commands_fit_a_phone_and_pass_axe(
    tab: chrome.Tab, tmp_path: Path, name: str
) -> None:
    students = (READY / "students.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (tmp_path / "app.csv").write_text("".join(students[:400]), encoding="utf-8")
    done = run_here(tmp_path, *OTHERS[name])
    size = {"width": 320, "height": 600}
    page = tab.show(tmp_path / "out" / name, screen=size)
    unfold(page)
    assert violations(page) == [], done.stderr
    width = page.evaluate("document.documentElement.scrollWidth")
    assert (width, tab.asked, tab.said) == (320, [], [])


@pytest.mark.promise(
    "An open page requests nothing, even in use, and logs nothing to the browser console"
)
@pytest.mark.parametrize("name", [*PAGES, "many"])
def test_a_page_in_use_asks_for_nothing_and_stays_silent(
    tab: chrome.Tab, made: dict[str, Path], name: str
) -> None:
    page = tab.show(made[name])
    page.evaluate(
        "document.querySelectorAll('summary, th button, button.more').forEach(one => one.click())"
    )
    assert page.evaluate("[...document.querySelectorAll('details.rows')].every(one => one.open)")
    if page.query_selector("#level"):
        page.fill("#find", "student")
        page.select_option("#level", "blocker")
        page.click("button[type=reset]")
        page.locator("#again").wait_for(state="hidden")
    page.emulate_media(media="print")
    page.evaluate("['beforeprint', 'afterprint'].forEach(name => dispatchEvent(new Event(name)))")
    assert (tab.asked, tab.said) == ([], [])


@pytest.mark.parametrize("name", [*PAGES, "many"])
@pytest.mark.parametrize(("width", "text"), [(320, 100), (768, 100), (1280, 200)])
def test_no_page_scrolls_sideways(
    tab: chrome.Tab, made: dict[str, Path], name: str, width: int, text: int
) -> None:
    letters = 16 * text // 100
    page = tab.show(made[name], screen={"width": width, "height": 800}, letters=letters)
    unfold(page)
    size = page.evaluate("getComputedStyle(document.documentElement).fontSize")
    assert size == f"{letters}px"
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(CUT_OFF) == []


def test_keys_alone_reach_and_work_everything(tab: chrome.Tab, made: dict[str, Path]) -> None:
    page = tab.show(made["broken"])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the report"
    stops = "a, summary, input, select, button, [tabindex]"
    wanted = page.evaluate(
        """stops => [...document.querySelectorAll(stops)]
        .filter(it => it.checkVisibility()).length""",
        stops,
    )
    order = []
    for _ in range(wanted):
        order.append(
            page.evaluate("""(() => { const one = document.activeElement;
            return [one.tagName, getComputedStyle(one).outlineStyle !== 'none'] })()""")
        )
        page.keyboard.press("Tab")
    assert len(order) == wanted and all(ring for name, ring in order if name != "BODY")
    assert page.evaluate("document.activeElement.tagName") == "BODY", (
        "the last stop leads out of the page"
    )
    page.focus(".rows summary")
    page.keyboard.press("Enter")
    assert page.evaluate("document.querySelector('.rows').open")
    page.focus(".rows th button")
    page.keyboard.press("Space")
    assert page.get_attribute(".rows th", "aria-sort") == "ascending"


def test_searching_filtering_and_sorting_tell_how_many_fit(
    tab: chrome.Tab, made: dict[str, Path]
) -> None:
    page = tab.show(made["broken"])
    cards = page.locator(".card:visible").count()
    page.fill("#find", "no date of birth")
    assert (
        page.locator(".card:visible").count() == 1
        and page.inner_text("#shown") == "1 of 41 findings matches, 4 places listed"
    )
    page.click("button[type=reset]")
    page.locator("#shown:empty").wait_for(state="attached")
    assert page.locator(".card:visible").count() == cards
    page.select_option("#school", label="101 Thistledown Elementary")
    assert 0 < page.locator(".card:visible").count() < cards
    schools = page.locator(".rows [data-name=school_id]").count()
    assert schools, "rows tell their school"
    page.select_option("#owner", "hr")
    assert set(
        page.locator(".card:visible").evaluate_all("all => all.map(one => one.dataset.owner)")
    ) == {"hr"}
    page.evaluate("location.hash = 'student-dob-missing'")
    page.locator("#student-dob-missing").wait_for(state="visible")


def test_a_school_changes_every_figure_of_the_page(tab: chrome.Tab, made: dict[str, Path]) -> None:
    page = tab.show(made["broken"])
    answer, lead = page.inner_text("#answer"), page.inner_text("#lead")
    page.select_option("#school", label="101 Thistledown Elementary")
    assert page.inner_text("#answer").startswith("101 Thistledown Elementary: ")
    assert page.inner_text("#lead") != lead and page.is_visible("#here")
    assert not page.locator(".panel:visible").count()
    first = page.locator("#here-steps li")
    assert 0 < first.count() <= 5 and "at this school. Who fixes it:" in first.nth(0).inner_text()
    assert "Sections that are ready" in page.inner_text("#here-figures")
    page.click("#here-steps li a")
    assert page.locator(".card:target").is_visible()
    assert page.locator(".card:visible .at-school").count() == page.locator(".card:visible").count()
    assert not page.locator(".card:visible .at > :not(.at-school):visible").count()
    rows = page.locator("#schools-table tbody tr")
    assert rows.count() == 1
    page.click("button[type=reset]")
    page.locator("#here").wait_for(state="hidden")
    assert (page.inner_text("#answer"), page.inner_text("#lead")) == (answer, lead)
    assert rows.count() > 1 and not tab.said


def test_one_table_lists_every_finding_that_is_shown(
    tab: chrome.Tab, made: dict[str, Path]
) -> None:
    page = tab.show(made["broken"])
    page.click("#glance-title")
    rows = page.locator("#glance-rows tr")
    assert rows.count() == page.locator(".card:visible").count()
    assert page.inner_text("#glance-title") == f"{rows.count()} findings in one table"
    page.select_option("#owner", "hr")
    assert rows.count() == page.locator(".card:visible").count() > 1
    page.click("#glance-rows tr:last-child a")
    assert page.locator(".card:target").is_visible()


def test_the_report_can_be_printed_without_its_lists(
    tab: chrome.Tab, made: dict[str, Path]
) -> None:
    page = tab.show(made["broken"])
    page.evaluate("window.print = () => dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.locator(".rows:visible").count()
    page.emulate_media(media="screen")
    page.click("#print")
    page.emulate_media(media="print")
    assert not page.locator(".rows:visible").count() and page.locator(".card:visible").count()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator(".rows:visible").count()


def test_the_records_of_a_cause_are_counted_at_each_school(
    tab: chrome.Tab, made: dict[str, Path]
) -> None:
    page = tab.show(made["broken"])
    text = page.inner_text(".diagnoses .card .evidence")
    counts = []
    for school in page.locator("#school option").evaluate_all("all => all.map(it => it.value)"):
        page.select_option("#school", school)
        shown = page.locator(".diagnoses .card:visible .at-school").all_inner_texts()
        counts += [int(it.split()[0]) for it in shown[:1]]
        assert bool(shown) == page.locator(".diagnoses h2").is_visible() or not school
    assert str(sum(counts)) in text.split()


SHOWN = """() => {
    const all = names => [...document.querySelectorAll(names)]
    const visible = names => all(names).filter(it => it.checkVisibility())
    const cards = visible('.card[data-apps]')
    return {
        tab: visible('[role=tab][aria-selected=true]').map(it => it.textContent.trim()),
        stops: visible('[role=tab]').filter(it => it.tabIndex === 0).length,
        verdict: visible('.panel > .lead').map(it => it.textContent),
        numbers: visible('.panel .falls caption > b').map(it => it.textContent),
        blocker: cards.filter(it => it.classList.contains('blocker')).map(it => it.id),
        advice: cards.filter(it => it.classList.contains('advice')).map(it => it.id),
    }
}"""
"""The chosen tab of a page of several apps, with the verdict, numbers and lists under it."""

LISTED = """([app, level]) => [...document.querySelectorAll('.card[data-apps]')]
    .filter(it => it.dataset.apps.split(' ').includes(`${app}:${level}`)).map(it => it.id)"""
"""The findings that the page's own data has for an app and a level, in their order."""

TAB_KEYS = [("ArrowRight", 1), ("ArrowRight", 0), ("ArrowLeft", 1), ("Home", 0), ("End", 1)]
"""Keys pressed on the tabs one after the other, and the tab each ends on, from 0."""


@pytest.mark.promise("With several apps each tab has its own verdict, numbers and list")
def test_every_app_has_a_tab_with_its_verdict_numbers_and_list(
    tab: chrome.Tab, made: dict[str, Path]
) -> None:
    page = tab.show(made["values"])
    khan = page.evaluate(SHOWN)
    page.click("#tab-2")
    freckle = page.evaluate(SHOWN)
    assert (khan["tab"], freckle["tab"]) == (["Khan Academy Districts"], ["Freckle"])
    for app, shown in (("khan-academy", khan), ("freckle", freckle)):
        assert shown["stops"] == len(shown["verdict"]) == 1
        assert shown["verdict"][0].startswith(f"Not ready for {shown['tab'][0]}: ")
        for level in ("blocker", "advice"):
            assert shown[level] == page.evaluate(LISTED, [app, level])
    for part in ("verdict", "numbers", "blocker", "advice"):
        assert khan[part] and freckle[part] and khan[part] != freckle[part], part
    page.select_option("#level", "blocker")
    assert page.locator(".card[data-apps]:visible").count() == len(freckle["blocker"])
    page.click("#tab-1")
    assert page.locator(".card[data-apps]:visible").count() == len(khan["blocker"])
    page.click("button[type=reset]")
    page.locator("#again").wait_for(state="hidden")
    for key, after in TAB_KEYS:
        page.press("[role=tab][aria-selected=true]", key)
        assert page.evaluate(SHOWN) == (freckle if after else khan), key
        assert page.evaluate("document.activeElement.id") == f"tab-{after + 1}"
    assert tab.said == []


def test_the_tabs_of_several_apps_work_where_a_list_has_more_rows_than_are_drawn(
    tab: chrome.Tab, tmp_path: Path
) -> None:
    folder = tmp_path / "export"
    shutil.copytree(READY, folder)
    students = (folder / "students.csv").read_text(encoding="utf-8")
    blank = re.sub(r",[^,@]+@students[^,]+,", ",,", students, count=70)
    (folder / "students.csv").write_text(blank, encoding="utf-8")
    schools = (folder / "schools.csv").read_text(encoding="utf-8")
    unnamed = schools.replace("Thistledown Elementary", "Zqjohn Doe")
    (folder / "schools.csv").write_text(unnamed, encoding="utf-8")
    run_here(tmp_path, "check", folder, *KHAN, "-p", "freckle", *DAY, "--report", "html")
    page = tab.show(tmp_path / "readiness-report" / "report.html")
    assert page.locator("#student-email-missing .rows tbody tr").count() == 50
    page.click("#tab-2")
    assert page.locator(".panel:visible").count() == 1
    page.fill("#find", "student_email")
    assert " listed" in page.inner_text("#shown")
    page.click("button[type=reset]")
    page.select_option("#school", label="101 ")
    assert page.inner_text("#answer").startswith("School 101: ")
    assert tab.said == []


def test_without_its_script_a_page_shows_every_app(browser: Any, made: dict[str, Path]) -> None:
    with chrome.open_tab(browser, java_script_enabled=False) as tab:
        page = tab.show(made["values"])
        assert not page.locator("#tabs:visible").count()
        verdicts = page.locator(".panel:visible > .lead").all_inner_texts()
        titles = page.locator(".panel:visible > h2.app").all_inner_texts()
        assert titles == ["Khan Academy Districts", "Freckle"]
        for title, verdict in zip(titles, verdicts, strict=True):
            assert verdict.startswith(f"Not ready for {title}: ")
        cards = page.locator(".card")
        assert cards.count() == page.locator(".card:visible").count() > 30
        assert tab.said == []


def test_an_overview_is_searched_filtered_and_sorted(
    tab: chrome.Tab, made: dict[str, Path]
) -> None:
    page = tab.show(made["portfolio"])
    rows = page.locator("#list tbody tr:visible")
    names = rows.locator("th")
    every = names.all_inner_texts()
    assert {"broken", "ready"} < set(every)
    assert page.inner_text("#shown") == f"{len(every)} listed"
    page.fill("#find", "CUSTOM-SEC")
    assert names.all_inner_texts() == ["custom-sections"]
    assert page.inner_text("#shown") == f"1 of {len(every)} listed"
    page.fill("#find", "")
    page.select_option("#verdict", "ready")
    assert "ready" in names.all_inner_texts() and "broken" not in names.all_inner_texts()
    assert f"Ready: {names.count()}" in page.inner_text(".top .verdicts")
    page.select_option("#verdict", "")
    head = page.locator("#list thead th").first
    for order in ("ascending", "descending"):
        head.locator("button").click()
        assert head.get_attribute("aria-sort") == order
        assert names.all_inner_texts() == sorted(every, reverse=order == "descending")
    page.locator("#list thead th", has_text="Held back").locator("button").click()
    texts = rows.locator("[data-label='Held back']").all_inner_texts()
    counts = [-1 if text == "unknown" else int(text) for text in texts]
    assert counts == sorted(counts, reverse=True) and len(set(counts)) > 1
    assert tab.said == []


def test_no_table_is_wider_than_a_small_screen(tab: chrome.Tab, made: dict[str, Path]) -> None:
    screen = {"width": 1366, "height": 768}
    page = tab.show(made["broken"], screen=screen)
    wide = page.evaluate(
        """() => {
          for (const part of document.querySelectorAll("details")) part.open = true;
          return [...document.querySelectorAll(".scroll")]
            .filter((part) => part.scrollWidth > part.clientWidth + 1)
            .map((part) => part.getAttribute("aria-label"));
        }"""
    )
    assert wide == []


def test_the_headline_of_two_apps_takes_a_third_of_a_phone(
    tab: chrome.Tab, made: dict[str, Path]
) -> None:
    phone = {"width": 360, "height": 640}
    page = tab.show(made["values"], screen=phone)
    assert page.locator("h1.many").inner_text().count("Not ready for") == 2
    first, last = (page.locator(it).bounding_box() for it in ("h1", "#lead"))
    assert last["y"] + last["height"] - first["y"] <= phone["height"] / 3


def test_rows_beyond_the_first_are_drawn_searched_and_sorted_on_demand(
    tab: chrome.Tab, made: dict[str, Path]
) -> None:
    page = tab.show(made["many"])
    rows = "#fault-0 .rows tbody tr"
    assert page.locator(rows).count() == 50
    page.click("#fault-0 summary")
    assert page.inner_text("#fault-0 button.more") == "Show 500 more of 2,950"
    page.click("#fault-0 button.more")
    assert page.locator(rows).count() == 550
    page.click("#fault-0 th button")
    page.click("#fault-0 th button")
    assert page.inner_text(f"{rows}:first-child td") == "3001"
    page.fill("#find", "2987")
    assert page.locator(rows).count() == 1 and page.locator(".card:visible").count() == 3
    assert page.inner_text("#fault-0 .rest") == "and 1,000 more: see the workbook"


def test_without_its_script_a_page_tells_all_but_the_rows_beyond(
    browser: Any, made: dict[str, Path]
) -> None:
    with chrome.open_tab(browser, java_script_enabled=False) as tab:
        page = tab.show(made["many"])
        text = page.content()
        assert page.locator("#fault-0 tbody tr").count() == 50 and tab.said == []
        assert "2,950 more in this page, shown if scripts are allowed" in text


def test_a_printed_page_keeps_its_words_and_drops_what_only_a_screen_can(
    tab: chrome.Tab, made: dict[str, Path]
) -> None:
    page = tab.show(made["broken"])
    assert page.pdf(format="Letter").startswith(b"%PDF")
    page.emulate_media(media="print")
    hidden = page.locator(".tools, .topics, .skip")
    assert not any(hidden.nth(at).is_visible() for at in range(hidden.count()))
    closed = page.locator(".card details:not([open]) tbody tr:first-child")
    assert closed.count() and closed.first.is_visible(), "details are printed open"
    assert page.is_visible(".falls") and page.is_visible(".card dl")


@pytest.mark.parametrize("level", list(Level))
def test_levels_keep_their_sign_and_word_without_colors(
    tab: chrome.Tab, tmp_path: Path, level: Level
) -> None:
    path = tmp_path / "report.html"
    path.write_bytes(
        html.render(
            report(
                [found(rule("a-b", level=level), [3])],
                schools=[SchoolRow("00", "Oak", 3, 2, 4, 4, 0, 29)],
            )
        )
    )
    page = tab.show(path, forced_colors="active")
    badge = page.locator(".card .badge")
    assert (
        badge.inner_text().strip()
        and badge.locator("use").get_attribute("href") == f"#s-{level.value}"
    )
