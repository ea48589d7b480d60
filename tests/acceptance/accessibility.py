"""What a page is looked at for: axe, width, words in tables, every control by Tab, paper.

Each check returns what is wrong as lines to read; none means that nothing was found.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, cast

from playwright.sync_api import Page

from tests.conftest import ROOT, _tool

AXE: Final = ROOT / "tests" / "acceptance" / "node_modules" / "axe-core" / "axe.min.js"
WIDER: Final = "document.documentElement.scrollWidth - document.documentElement.clientWidth"

_RUN_AXE: Final = """async () => {
  const sticky = [...document.querySelectorAll("main *")].filter(one => getComputedStyle(one).position === "sticky");
  sticky.forEach(one => one.style.position = "static");
  const found = await axe.run(document, {
    runOnly: {type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    rules: {"target-size": {enabled: true}}, resultTypes: ["violations"], iframes: false, preload: false,
  });
  sticky.forEach(one => one.style.position = "");
  return found.violations.flatMap(one => one.nodes.map(node => `${one.id}: ${node.target} ${node.html.slice(0, 160)}`));
}"""  # noqa: E501 - a script

_BROKEN_WORDS: Final = """() => {
  const found = new Set(), seen = one => one.checkVisibility() && !clipped(one);
  const clipped = one => one && (getComputedStyle(one).clipPath !== "none" || clipped(one.parentElement));
  const tops = (range, node, at) => {
    range.setStart(node, at);
    range.setEnd(node, at + 1);
    return [...range.getClientRects()].map(one => Math.round(one.top));
  };
  for (const cell of document.querySelectorAll("main th, main td")) {
    if (!seen(cell)) continue;
    const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      for (const word of texts.currentNode.data.matchAll(/[\\p{L}]{4,}/gu)) {
        if (/^[\\w.-]*@/.test(texts.currentNode.data) || /@[\\w.-]*$/.test(texts.currentNode.data.slice(0, word.index))) continue;
        const range = document.createRange(), last = word.index + word[0].length - 1;
        const [begin] = tops(range, texts.currentNode, word.index).slice(-1), [end] = tops(range, texts.currentNode, last);
        if (begin < end) found.add(word[0]);
      }
    }
  }
  return [...found];
}"""  # noqa: E501 - a script
"""Runs of letters in tables that stand on two lines: a soft hyphen, a hyphen, a stop or @ ends a run."""

_WIDE: Final = """() => [...document.querySelectorAll("body *")]
  .filter(one => one.getBoundingClientRect().right > document.documentElement.clientWidth + .5)
  .map(one => `${one.tagName}.${one.className}`).slice(0, 8).join(" ")"""
_CONTROLS: Final = """() => {
  const all = document.querySelectorAll("a[href], button, input, select, textarea, summary, iframe, [tabindex]");
  window.controls = [...all].filter(one => {
    if (one.tabIndex < 0 || one.disabled || one.type === "hidden" || !one.checkVisibility()) return false;
    if (one.tagName === "SUMMARY" && one.parentElement.tagName !== "DETAILS") return false;
    if (one.type !== "radio") return true;
    const group = [...document.getElementsByName(one.name)].filter(other => other.form === one.form);
    return one === (group.find(other => other.checked) || group[0]);
  });
  return window.controls.length;
}"""  # noqa: E501 - a script
"""All that Tab stops at; of radio buttons the chosen one, or the first."""

_FOCUS: Final = """() => {
  const one = document.activeElement, place = window.controls.indexOf(one), wrong = [];
  if (place < 0) return [place, []];
  const box = one.getClientRects()[0], x = box.left + Math.min(box.width / 2, 40);
  const outlined = e => e && getComputedStyle(e).outlineStyle !== "none" && parseFloat(getComputedStyle(e).outlineWidth) >= 2;
  if (one.tagName !== "IFRAME" && ![one, one.closest("label"), one.closest(".opt"), one.parentElement].some(outlined)) wrong.push("no visible focus");
  if (box.width * box.height && box.height < innerHeight) for (const y of one.tagName === "TEXTAREA" ? [box.top + 20] : [box.top + 3, box.bottom - 3]) {
    if (x < 0 || x > innerWidth || y < 0 || y > innerHeight) { wrong.push(`outside the window at ${Math.round(y)}`); continue; }
    const over = document.elementFromPoint(x, y);
    if (over && !one.contains(over) && !over.contains(one) && over.control !== one && over.closest("label")?.control !== one)
      wrong.push(`under ${over.tagName}.${over.className}`);
  }
  if (outlined(one)) for (let up = one.parentElement; up; up = up.parentElement) {
    if (getComputedStyle(up).overflowX === "visible" || up === document.documentElement) continue;
    const clip = up.getBoundingClientRect();
    if (box.left - 4 < clip.left || box.right + 4 > clip.right || box.top - 4 < clip.top) wrong.push(`focus cut by ${up.tagName}.${up.className}`);
  }
  return [place, wrong.map(words => `${words}: ${one.outerHTML.slice(0, 120)}`)];
}"""  # noqa: E501 - a script

_SHORTEN: Final = """n => {
  const cut = (long, n) => [...long.children].slice(n).forEach(one => one.remove());
  document.querySelectorAll("main tbody, main ul, main ol").forEach(one => cut(one, n));
  [...document.querySelectorAll("main tbody, main ul.mails")].slice(n).forEach(one => cut(one, 1));
}"""

_NOT_ON_PAPER: Final = """() => [...document.querySelectorAll("nav.main, .langs, .skip, .jump, button, .btn, form:not(.on-paper)")]
  .filter(one => one.checkVisibility() && getComputedStyle(one).clipPath === "none").map(one => one.outerHTML.slice(0, 120))"""  # noqa: E501 - a script
_CUT_ROWS: Final = """() => [...document.querySelectorAll("main tr, main .item, main .matter, main .steps li, main .mails li")]
  .filter(one => one.checkVisibility() && getComputedStyle(one).breakInside !== "avoid")
  .map(one => one.outerHTML.slice(0, 120))"""  # noqa: E501 - a script
_COLOURS: Final = (
    """() => [getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]"""
)


def axe_faults(page: Page) -> list[str]:
    """Return what axe finds against WCAG 2.2 A and AA and its best practice.

    Sticky bars are laid where they belong: what they cover is a matter of scrolling, and of the keyboard.
    """
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE.read_text() if AXE.exists() else _tool("axe-core"))
    return cast("list[str]", page.evaluate(_RUN_AXE))


def broken_words(page: Page) -> list[str]:
    """Return the words of tables that are broken between two letters."""
    return [f"broken word: {word}" for word in page.evaluate(_BROKEN_WORDS)]


def too_wide(page: Page) -> list[str]:
    """Return by how much the page scrolls sideways."""
    wider = page.evaluate(WIDER)
    return [f"{wider} pixels too wide: {page.evaluate(_WIDE)}"] if wider > 0 else []


def keyboard_faults(page: Page) -> list[str]:
    """Return which controls Tab doesn't reach, and which show no focus or stand under something."""
    count, seen, wrong = page.evaluate(_CONTROLS), set[int](), []
    for _ in range(count + 60):  # a frame has stops of its own
        page.keyboard.press("Tab")
        place, faults = page.evaluate(_FOCUS)
        if place >= 0 and place not in seen:
            seen.add(place)
            wrong += faults
        if len(seen) == count:
            break
    missed = sorted({*range(count)} - seen)
    return wrong + [
        f"not reached: {page.evaluate('n => window.controls[n].outerHTML.slice(0, 120)', n)}" for n in missed
    ]


def shorten(page: Page, most: int) -> None:
    """Leave the first rows of each table and list, of a late table only one: what follows is built alike."""
    page.evaluate(_SHORTEN, most)


def paper_faults(page: Page) -> list[str]:
    """Return what an A4 sheet has that it should not: navigation, buttons, dark ground, cut rows, width."""
    with on_paper(page):
        ground, text = page.evaluate(_COLOURS)
        return [
            *(f"on paper: {one}" for one in page.evaluate(_NOT_ON_PAPER)),
            *(f"may be cut: {one}" for one in page.evaluate(_CUT_ROWS)[:3]),
            *too_wide(page),
            *([] if (ground, text) == ("rgb(255, 255, 255)", "rgb(27, 35, 44)") else [f"{text} on {ground}"]),
        ]


@contextmanager
def on_paper(page: Page) -> Iterator[None]:
    """Show the page as on A4 in portrait while the system is dark."""
    page.set_viewport_size({"width": 703, "height": 1000})
    page.emulate_media(media="print", color_scheme="dark")
    yield
    page.emulate_media(media="screen", color_scheme="light")
