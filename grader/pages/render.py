"""Templates to self-contained pages: no script, nothing from outside, everything escaped."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import jinja2

from grader.pages import text
from grader.pages.words import LANGUAGES, words


class Say(Protocol):
    """Puts a message into words: `student_template.runner.sentences.say`."""

    def __call__(self, key: str, values: Mapping[str, Any], language: str = "en") -> str: ...


ENVIRONMENT = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
ENVIRONMENT.filters.update(name=text.name, who=text.who, prose=text.prose, clean=text.clean)


def render(template: str, language: str, **values: Any) -> str:
    """One page. Its words are in `language`, in English where pages do not speak it."""
    number = text.number(language)
    return ENVIRONMENT.get_template(template).render(
        lang=language if language in LANGUAGES else "en", w=words(language), number=number, **values
    )
