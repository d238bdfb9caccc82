"""Templates to self-contained pages: nothing from outside, everything escaped, and no script but one of our own.

A page that people fill in has a script. It is a file beside the templates, and the page's policy names its digest: what
else looks like a script, wherever it came from, no browser runs.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import jinja2
from markupsafe import Markup

from grader.pages import text
from grader.pages.words import LANGUAGES, NONE, Languages, words
from student_template.runner import untrusted


class Say(Protocol):
    """Puts a message into words: `student_template.runner.sentences.say`."""

    def __call__(self, key: str, values: Mapping[str, Any], language: str = "en") -> str: ...


@dataclass(frozen=True, slots=True)
class Script:
    """A script to stand in a page as it is."""

    text: Markup

    @property
    def source(self) -> str:
        """What the Content-Security-Policy calls it."""
        return f"sha256-{base64.b64encode(hashlib.sha256(self.text.encode()).digest()).decode()}"


TEMPLATES = Path(__file__).parent / "templates"
ENVIRONMENT = jinja2.Environment(
    loader=jinja2.FileSystemLoader(TEMPLATES),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
ENVIRONMENT.filters.update(name=text.name, who=text.who, prose=text.prose, clean=untrusted.clean)


def render(template: str, language: str, own: Languages = NONE, **values: Any) -> str:
    """One page in `language`, in English where pages do not speak it; `own` are its words beside those of all pages."""
    return "".join(parts(template, language, own, **values))


def parts(template: str, language: str, own: Languages = NONE, **values: Any) -> Iterator[str]:
    """The same page piece by piece: one that names a large class need not be in memory as a whole."""
    return ENVIRONMENT.get_template(template).generate(
        lang=language if language in LANGUAGES else "en",
        words=words(language, own),
        number=text.number(language),
        percent=text.percent(language),
        **values,
    )


def script(name: str) -> Script:
    """One of the scripts beside the templates."""
    return Script(Markup((TEMPLATES / name).read_text(encoding="utf-8")))
