"""Chromium for tests: `browse` opens pages that fail the test when the browser complains.

A test that asks for `browse` or `page` is marked `browser` and gets pytest-django's live server.
"""

import os
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Literal

import pytest
from django.conf import settings
from django.core.servers.basehttp import WSGIRequestHandler
from django.test import Client
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    WebError,
    sync_playwright,
)

if TYPE_CHECKING:  # models can not be imported before Django is set up
    from django.contrib.auth.base_user import AbstractBaseUser

PROGRAM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = [
    "--no-sandbox",  # root can not use the sandbox, and the pages are our own
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# The looks that pages are checked in: both widths and both colour schemes, not each with each,
# for no colour depends on the width.
LOOKS = [(390, "dark"), (1280, "light")]

Look = tuple[int, Literal["dark", "light"], bool]  # width, colour scheme, JavaScript
# Emptied windows of tests that have ended: to open one anew takes longer than many a test.
Idle = defaultdict[Look, list[BrowserContext]]

# A blocked style or font is a violation that Chromium does not always print.
REPORT_VIOLATIONS = """
addEventListener("securitypolicyviolation", event =>
  console.error(`CSP: ${event.violatedDirective} blocked ${event.blockedURI || event.sample}`));
"""

# What passed is only counted: to fetch it would take longer than to find it.
RUN_AXE = """axe.run({resultTypes: ["violations"]})
  .then(({violations, passes}) => ({violations, passes: passes.length}))"""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    found = [item for item in items if "chromium" in getattr(item, "fixturenames", ())]
    for item in found:
        item.add_marker("browser")
    if PROGRAM or not found:
        return
    if os.environ.get("CI"):
        raise pytest.UsageError("No Chromium is installed, and CI must run the browser tests.")
    items[:] = [item for item in items if item not in found]
    config.hook.pytest_deselected(items=found)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not PROGRAM:
        terminalreporter.section("not run")
        terminalreporter.line("The browser tests did not run, because no Chromium is installed.")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for the run, which is costly to start."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright's event loop lives in the thread of the tests, where Django then refuses
        # to touch the database. It is safe here: no test runs inside that loop.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        # Without this the body of an answer waits for the browser to confirm its head: 40 ms.
        patch.setattr(WSGIRequestHandler, "disable_nagle_algorithm", True)
        browser = playwright.chromium.launch(executable_path=PROGRAM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the browser said. A test that expects some clears it; at the end it must be empty."""
    return []


@pytest.fixture(scope="session")
def idle(chromium: Browser) -> Idle:
    return defaultdict(list)


@pytest.fixture
def browse(
    chromium: Browser, idle: Idle, live_server, complaints: list[str]
) -> Iterator[Callable[..., Page]]:
    """Opens a new window: browse(width=390, scheme="dark", user=ada).goto("/admin/")."""
    lent: list[tuple[Look, BrowserContext]] = []

    def console(message: ConsoleMessage) -> None:
        complaints.append(_words(message))

    def weberror(error: WebError) -> None:
        complaints.append(str(error.error))

    def open_window(
        width: int = 1280,
        scheme: Literal["dark", "light"] = "light",
        javascript: bool = True,
        user: "AbstractBaseUser | None" = None,
    ) -> Page:
        look = (width, scheme, javascript)
        context = idle[look].pop() if idle[look] else _new(chromium, look, live_server.url)
        lent.append((look, context))
        context.on("console", console)
        context.on("weberror", weberror)
        if user:
            context.add_cookies([_session(user, live_server.url)])
        return context.pages[0]

    yield open_window
    for look, context in lent:
        _empty(context, live_server.url)
        context.remove_listener("console", console)
        context.remove_listener("weberror", weberror)
        idle[look].append(context)
    assert not complaints, "\n".join(complaints)


def _new(chromium: Browser, look: Look, url: str) -> BrowserContext:
    width, scheme, javascript = look
    context = chromium.new_context(
        base_url=url,
        color_scheme=scheme,
        java_script_enabled=javascript,
        reduced_motion="reduce",
        viewport={"width": width, "height": 900},
    )
    context.set_default_timeout(15_000)
    if javascript:
        context.add_init_script(REPORT_VIOLATIONS)
    context.new_page()
    return context


def _empty(context: BrowserContext, url: str) -> None:
    """As new, but for the files that it has fetched: each would be fetched for every test."""
    for page in context.pages:
        page.close()
    context.clear_cookies()
    context.clear_permissions()
    session = context.new_cdp_session(context.new_page())
    session.send("Storage.clearDataForOrigin", {"origin": url, "storageTypes": "all"})
    session.detach()


@pytest.fixture
def page(browse: Callable[..., Page]) -> Page:
    return browse()


def _words(message: ConsoleMessage) -> str:
    return f"{message.type}: {message.text} ({message.location['url']})"


def _session(user: "AbstractBaseUser", url: str) -> dict[str, str]:
    """The cookie of somebody who has logged in."""
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value, "url": url}


def assert_accessible(page: Page) -> None:
    """Run axe-core on what the window shows now; any finding fails with its rule and place."""
    page.wait_for_load_state()
    assert page.title(), "axe on an empty page finds nothing"
    page.evaluate("document.fonts.ready.then(() => true)")  # contrast depends on the font
    page.evaluate((settings.NODE_MODULES / "axe-core/axe.min.js").read_text(encoding="utf-8"))
    results = page.evaluate(RUN_AXE)
    assert results["passes"], "axe looked at nothing"
    findings = [
        f"{found['id']}: {found['help']}\n    {node['target']} {node['html'][:200]}"
        for found in results["violations"]
        for node in found["nodes"]
    ]
    assert findings == [], "\n".join(findings)
