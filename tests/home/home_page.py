"""The page that `check.py --html` writes, as a reader sees it."""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser

from grader.pages.text import prose

VOID = {"meta"}


@dataclass
class Article:
    """One check on the page: texts as they are shown."""

    outcome: str = ""
    sentence: str = ""
    message: str = ""
    all: str = ""


class _Reader(HTMLParser):
    """Texts by the innermost named paragraph of each article; what is open is closed, in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: dict[str, Article] = {}
        self.article: Article | None = None
        self.open: list[tuple[str, str]] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag == "article":
            self.article = self.found.setdefault(str(named["data-check"]), Article())
        if tag not in VOID:
            self.open.append((tag, named.get("class") or ""))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag, self.getpos()
        if tag == "article":
            self.article = None

    def handle_data(self, data: str) -> None:
        if self.article is None:
            return
        self.article.all += data
        classes = [name for tag, name in self.open if tag == "p"]
        kind = classes[-1].split()[-1] if classes and classes[-1] else ""
        if kind == "outcome" and self.open[-1][0] == "span" and data.strip("✓◐○✗"):
            self.article.outcome += data
        elif kind == "sentence":
            self.article.sentence += data
        elif kind in ("message", "to_write"):
            self.article.message += data


def articles(html: str) -> dict[str, Article]:
    """The checks on a page, by name, with white space as it is shown."""
    found = _Reader(html).found
    for article in found.values():
        for name, text in vars(article).items():
            setattr(article, name, " ".join(text.split()))
    return found


def shown(text: str) -> str:
    """A text as the grader's pages show it, without its marks."""
    page = _Reader(f'<article data-check=""><p class="message">{prose(text)}</p></article>')
    return " ".join(page.found[""].message.split())
