"""Make the pictures of docs/editing.md from the real site: .venv/bin/python docs/make_pictures.py

Needs Chromium. Everything happens on a database of its own, in a folder that is removed again.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs/pictures"
WORD = ROOT / "tests/policies/pasted/word.html"
PROGRAM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PASTE = """(field, html) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/html", html);
  const init = {clipboardData, bubbles: true, cancelable: true};
  field.dispatchEvent(new ClipboardEvent("paste", init));
}"""
WIDTH, HEIGHT = 1180, 760


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "DEBUG": "1",
            "DATABASE_URL": f"sqlite:///{folder}/pictures.sqlite3",
            "DJANGO_SETTINGS_MODULE": "clusterpolicy.settings",
            "DJANGO_ALLOW_ASYNC_UNSAFE": "1",  # Playwright's event loop lives in this thread
        }
        sys.path.insert(0, str(ROOT))
        import django

        django.setup()
        people = fill()
        with serving() as address, windows(address, people) as open_window:
            PICTURES.mkdir(exist_ok=True)
            take(open_window)


# What is in the database


def fill() -> dict[str, Any]:
    """The sample, and four people who work on Mexico."""
    from django.core.management import call_command
    from django.utils import timezone

    from policies.models import Edition, Factsheet, User
    from policies.roles import Role, grant

    for command in ("migrate", "load_reference", "load_sample"):
        call_command(command, verbosity=0)
    people = {}
    names = {"ada": Role.EDITOR, "eve": Role.EDITOR, "ben": Role.REVIEWER, "cleo": Role.PUBLISHER}
    for name, role in {**names, "root": Role.ADMINISTRATOR}.items():
        people[name] = User.objects.create_user(name, first_name=name.title())
        grant(people[name], role)
    for factsheet in Factsheet.objects.all():
        factsheet.editors.add(people["ada"], people["eve"])
        factsheet.reviewers.set([people["ben"]])
    soon = timezone.localdate() + timedelta(days=12)
    Edition.objects.update(submit_by=soon, review_by=soon + timedelta(days=14))
    _begin(people)
    return people


def _begin(people: dict[str, Any]) -> None:
    """Some work in progress: changed, submitted and returned sections."""
    from policies.changes import Source, change_set
    from policies.models import ChangeKind, Section
    from policies.workflow import return_, submit

    cells = Section.objects.filter(
        factsheet__country__code="MX", policy__code="course-for-an-industrial-policy"
    ).select_related("type", "policy", "factsheet")
    for code, words in {
        "objectives": "\n\nSince this year, regional offices report on it every quarter.",
        "focus": "\n\nMedical devices were added to the sectors that the policy names.",
        "beneficiaries": "\n\nClusters are named among those that it addresses.",
    }.items():
        cell = cells.get(type__code=code)
        with change_set(by=people["ada"], source=Source.ADMIN, note="As of this autumn"):
            cell.text += words
            cell.save()
        submit(cells.get(pk=cell.pk), by=people["ada"], kind=ChangeKind.POLICY_CHANGED)
    comment = "Which sectors were there before? Please name the source."
    return_(cells.get(type__code="focus"), by=people["ben"], comment=comment)


# The site and its windows


@contextmanager
def serving() -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "manage.py", "runserver", f"127.0.0.1:{port}", "--noreload"]
    server = subprocess.Popen(
        command, cwd=ROOT, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )
    try:
        _wait_for(address)
        yield address
    finally:
        server.terminate()
        server.wait()


def _wait_for(address: str) -> None:
    for _attempt in range(100):
        try:
            with urllib.request.urlopen(f"{address}/healthz"):
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("The site does not answer.")


@contextmanager
def windows(address: str, people: dict[str, Any]) -> Iterator[Any]:
    from django.conf import settings
    from django.test import Client
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=PROGRAM, args=ARGUMENTS)

        def open_window(name: str = "", width: int = WIDTH) -> Any:
            context = browser.new_context(
                base_url=address,
                viewport={"width": width, "height": HEIGHT},
                bypass_csp=True,  # for the style that `shoot` adds
            )
            if name:
                client = Client()
                client.force_login(people[name])
                cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
                context.add_cookies(
                    [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": address}]
                )
            return context.new_page()

        yield open_window
        browser.close()


# The pictures


def take(open_window: Any) -> None:
    from policies.models import Factsheet, Policy

    mexico = Factsheet.objects.get(country__code="MX")
    policy = Policy.objects.get(factsheet=mexico, code="course-for-an-industrial-policy")
    form = f"/admin/policies/policy/{policy.pk}/change/"
    review = f"/admin/policies/factsheet/{mexico.pk}/review/"

    ada = open_window("ada")
    ada.goto("/admin/")
    shoot(ada, "desk")
    ada.goto("/admin/progress/?edition=2022")
    shoot(ada, "progress")
    ada.goto(f"{form}#section-focus")
    shoot(ada, "form", ada.locator("#section-focus"))
    evaluation = ada.locator("#section-evaluation")
    field = evaluation.locator("textarea.prose-field")
    field.fill("")
    field.evaluate(PASTE, WORD.read_text(encoding="utf-8"))
    shoot(ada, "paste", evaluation)

    ada, eve = open_window("ada"), open_window("eve")
    ada.goto(form)
    eve.goto(form)
    _write(eve, "history", "It followed an earlier programme of the same ministry.")
    _write(ada, "history", "It took over from a programme of the same ministry.")
    shoot(ada, "conflict", ada.locator("#section-history"))

    ben = open_window("ben")
    ben.goto(review)
    shoot(ben, "review")
    strip = ben.locator(".strip-waits").first
    strip.locator("details").first.locator("summary").first.click()
    shoot(ben, "strip", strip)

    cleo = open_window("cleo")
    cleo.goto(review)
    shoot(cleo, "checks", cleo.locator("#review-checks"), below=420)

    root = open_window("root")
    root.goto("/admin/policies/edition/open/")
    shoot(root, "edition")

    objectives = policy.sections.get(type__code="objectives")
    ada.goto(f"/admin/policies/section/{objectives.pk}/history/")
    shoot(ada, "history")


def _write(page: Any, code: str, words: str) -> None:
    page.locator(f"#section-{code} textarea.prose-field").fill(words)
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_load_state()


def shoot(page: Any, name: str, part: Any = None, below: int = 0) -> None:
    """A picture of the window, or of a part of the page and what stands below it."""
    page.evaluate("document.fonts.ready.then(() => true)")
    if part is not None:  # what sticks to the window would lie across it
        page.add_style_tag(content=".save-row, .site-header { position: static !important }")
    path = PICTURES / f"{name}.png"
    if part is None:
        page.screenshot(path=path)
    elif not below:
        part.screenshot(path=path)
    else:
        part.evaluate("part => part.scrollIntoView({block: 'start'})")
        box = part.bounding_box()
        clip = {"x": 0, "y": box["y"] - 10, "width": WIDTH, "height": below}
        page.screenshot(path=path, clip=clip)
    print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()
