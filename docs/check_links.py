"""Follows the links of the built site and of Markdown files.

    python docs/check_links.py [--offline] FILE.md|FOLDER ...

Within the site: the file must be there, and the anchor in it. Elsewhere: asked once with HEAD, and
what cannot be reached from this machine is named, apart from what answers that it is gone (404 or
410), which is an error.
"""

from __future__ import annotations

import re
import sys
import urllib.error
import urllib.request
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag

GONE = (404, 410)


class Page(HTMLParser):
    """The links and the anchors of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.anchors: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("href", "src") and value:
                self.links.add(value)
            elif name in ("id", "name") and value:
                self.anchors.add(value)


def markdown(text: str) -> Page:
    page = Page("")
    page.links = set(re.findall(r"\]\(([^()\s]+)\)", text))
    return page


def pages(places: list[str]) -> dict[Path, Page]:
    found = {}
    for place in map(Path, places):
        files = sorted(place.rglob("*.html")) if place.is_dir() else [place]
        for file in files:
            text = file.read_text(encoding="utf-8")
            found[file.resolve()] = markdown(text) if file.suffix == ".md" else Page(text)
    return found


def within(file: Path, link: str, known: dict[Path, Page]) -> str:
    """What is wrong with a link to a file; empty if nothing is."""
    name, anchor = urldefrag(link)
    name = name.partition("?")[0]
    target = (file.parent / unquote(name)).resolve() if name else file
    if not target.exists():
        return "no such file"
    if anchor and target.suffix == ".html" and unquote(anchor) not in known[target].anchors:
        return "no such anchor"
    return ""


def answer(link: str) -> str:
    """``ok``, ``gone``, or why nobody could be asked."""
    request = urllib.request.Request(link, method="HEAD", headers={"User-Agent": "link check"})
    try:
        with urllib.request.urlopen(request, timeout=10):
            return "ok"
    except urllib.error.HTTPError as error:
        return "gone" if error.code in GONE else "ok"
    except OSError as error:
        return f"{getattr(error, 'reason', error)}"


def main() -> int:
    offline = "--offline" in sys.argv
    known = pages([place for place in sys.argv[1:] if place != "--offline"])
    bad, outside, count = [], set(), 0
    for file, page in known.items():
        for link in sorted(page.links):
            if link.startswith(("http:", "https:")):
                outside.add(link)
            elif not re.match(r"[a-z]+:", link):
                count += 1
                if wrong := within(file, link, known):
                    bad.append(f"{file.name}: {link}: {wrong}")
    print(f"{count} links within {len(known)} pages")
    for link in sorted(outside):
        said = "not asked" if offline else answer(link)
        print(f"  {link}: {said}")
        if said == "gone":
            bad.append(f"{link}: gone")
    print("\n".join([*bad, f"{len(bad)} broken"]))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
