"""What a browser can tell of the page in front of it."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import ConsoleMessage, Page, Request, Response

from tests.support.servers import ROOT

SMALLEST = 320
"""Width in CSS pixels: 1280 at 400 % (WCAG 1.4.10)."""

_AXE = (ROOT / "node_modules/axe-core/axe.min.js").read_text()
_OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    # Quicker by a third: nobody reads what is well, and the pages hold no frames.
    "resultTypes": ["violations"],
    "selectors": False,
    "iframes": False,
}

_SMALL_TARGETS = """
() => [...document.querySelectorAll("a, button, summary, select, input, .choice")]
  .filter((it) => it.checkVisibility() && !it.closest(".card, .skip") && !it.matches(".choice *"))
  .filter((it) => {
    // A link in a sentence is as high as its line (WCAG 2.5.8 leaves it out).
    const alone = [...it.parentElement.childNodes].every((one) => one === it || !one.textContent.trim());
    return it.getBoundingClientRect().height < 47.5 && (alone || getComputedStyle(it).display !== "inline");
  })
  .map((it) => `${it.tagName} ${it.id} ${it.innerText.trim()} ${it.getBoundingClientRect().height}`)
"""
_SPACED = """
() => {
  const wide = new CSSStyleSheet();
  wide.replaceSync(`
    * { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }
    p { margin-block-end: 2em !important }`);
  document.adoptedStyleSheets = [wide];
}
"""
_CLIPPED = """
() => {
  const found = [];
  const texts = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  while (texts.nextNode()) {
    const around = texts.currentNode.parentElement;
    const holder = around.closest(
      ".ds-button, .chip, .card, summary, .note, .ticket, .slip, .so-far, .faults, .wrap, .staff-wrap",
    );
    if (!texts.currentNode.data.trim() || !around.checkVisibility() || around.closest(".ds-sr-only, option")) continue;
    range.selectNodeContents(texts.currentNode);
    const text = range.getBoundingClientRect(), box = holder.getBoundingClientRect();
    const inside = text.left >= box.left - 1 && text.right <= box.right + 1
      && text.top >= box.top - 1 && text.bottom <= box.bottom + 1;
    if (!inside) found.push(`${holder.className}: ${texts.currentNode.data.trim()}`);
  }
  return found;
}
"""
_FAILED = 400
_UNSPACED = "() => { document.adoptedStyleSheets = [] }"
_SIDEWAYS = "() => document.documentElement.scrollWidth"


@dataclass
class Noise:
    """What a visitor does not see and should not be there: messages of the console, failed and foreign requests."""

    heard: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, page: Page) -> "Noise":
        """Listen from now on. What the console says of the page's own status, which is meant, is no noise."""
        noise = cls()

        def said(message: ConsoleMessage) -> None:
            if not (message.text.startswith("Failed to load resource") and message.location["url"] == page.url):
                noise.heard.append(f"{page.url}: {message.text}")

        def answered(response: Response) -> None:
            home, there = urlsplit(page.url).netloc, urlsplit(response.url).netloc
            if response.request.resource_type != "document" and not (response.status < _FAILED and there == home):
                noise.heard.append(f"{page.url}: {response.status} {response.url}")

        def failed(request: Request) -> None:
            if request.failure == "net::ERR_ABORTED":  # what is under way for a page ends with it
                return
            noise.heard.append(f"{page.url}: {request.failure} {request.url}")

        page.on("console", said)
        page.on("pageerror", lambda error: noise.heard.append(f"{page.url}: {error}"))
        page.on("response", answered)
        page.on("requestfailed", failed)
        return noise


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A state of a page, as it was found."""

    title: str
    faulty: bool
    violations: list[str]
    small_targets: list[str]
    sideways: int
    """How wide the page is on the smallest screen."""
    sideways_spaced: int
    """The same with the spacing of WCAG 1.4.12."""
    clipped: list[str]
    """What does not hold its text then."""


async def violations(page: Page) -> list[str]:
    """What axe finds, WCAG 2.2 AA and good practice."""
    await page.evaluate(_AXE)
    found: dict[str, Any] = await page.evaluate("options => axe.run(document, options)", _OPTIONS)
    return [f"{one['id']}: {one['help']} {[node['html'] for node in one['nodes']]}" for one in found["violations"]]


async def inspect(page: Page) -> Seen:
    """Look at the page as it is, then on the smallest screen, then there with wide spacing."""
    usual = page.viewport_size
    assert usual
    found = await violations(page)
    small = await page.evaluate(_SMALL_TARGETS)
    await page.set_viewport_size({"width": SMALLEST, "height": usual["height"]})
    sideways = await page.evaluate(_SIDEWAYS)
    await page.evaluate(_SPACED)
    spaced, clipped = await page.evaluate(_SIDEWAYS), await page.evaluate(_CLIPPED)
    await page.evaluate(_UNSPACED)
    await page.set_viewport_size(usual)
    return Seen(
        title=await page.title(),
        faulty=await page.locator(".faults").count() > 0,
        violations=found,
        small_targets=small,
        sideways=sideways,
        sideways_spaced=spaced,
        clipped=clipped,
    )
