"""What checks found, as HTML: `python check.py --html` writes a page, a notebook shows it under its cell.

Words come from `Desk.told`, as everywhere, so that a terminal, pytest, a notebook and this page say the same. All text
is escaped here, control characters and what turns the direction of writing included; the page loads nothing and runs
nothing, and its policy lets a browser do neither.
"""

from __future__ import annotations

import base64
import hashlib
import html
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from . import picture, sentences, untrusted

if TYPE_CHECKING:
    from .home import Desk, Result

MARKS = {"pass": "✓", "partial": "◐", "missing": "○"}  # of other outcomes: ✗

ENGLISH = {
    "page_pass": "passes",
    "page_partial": "in part",
    "page_wrong": "wrong",
    "page_missing": "missing",
    "page_error": "error",
    "page_timeout": "too slow",
    "page_memory": "out of memory",
    "page_crashed": "crashed",
    "page_failing": "What does not pass yet",
    "page_unwritten": "Still to be written",
    "page_passing": "What passes",
    "page_questions": "Questions",
    "page_first": "look here first",
    "page_answer": "your answer",
    "page_expected": "expected",
    "page_curve": "{count} numbers, from {low} to {high}.",
    "page_curves": "Your answer and what was expected, {count} numbers each, from {low} to {high}.",
    "page_over": "over {name}",
    "page_index": "the index",
    "page_log": "on a logarithmic scale",
    "page_confusion": "Rows: the right class. Columns: your answer.",
}
FRENCH = {
    "page_pass": "réussi",
    "page_partial": "en partie",
    "page_wrong": "faux",
    "page_missing": "absent",
    "page_error": "erreur",
    "page_timeout": "trop lent",
    "page_memory": "mémoire épuisée",
    "page_crashed": "interrompu",
    "page_failing": "Ce qui ne réussit pas encore",
    "page_unwritten": "Reste à écrire",
    "page_passing": "Ce qui réussit",
    "page_questions": "Questions",
    "page_first": "à voir d'abord",
    "page_answer": "votre réponse",
    "page_expected": "attendu",
    "page_curve": "{count} nombres, de {low} à {high}.",
    "page_curves": "Votre réponse et ce qui était attendu, {count} nombres chacun, de {low} à {high}.",
    "page_over": "selon {name}",
    "page_index": "l'indice",
    "page_log": "à l'échelle logarithmique",
    "page_confusion": "Lignes : la bonne classe. Colonnes : votre réponse.",
}
sentences.add(ENGLISH)
sentences.add(FRENCH, "fr")

# Text and ground are the browser's or the notebook's own, so that both follow its dark and its light.
STYLE = """
.surdix { font-family: system-ui, sans-serif; line-height: 1.5; overflow-wrap: anywhere; }
.surdix article { border-left: 4px solid #d9534f; padding: .1rem 1rem; margin: .8rem 0; }
.surdix article.pass { border-color: #2e8b57; }
.surdix article.partial, .surdix article.timeout, .surdix article.memory { border-color: #b8860b; }
.surdix article.missing { border-color: #808080; }
.surdix p, .surdix pre { margin: .3rem 0; }
.surdix .outcome { font-weight: 600; font-size: .9em; }
.surdix .outcome code, .surdix .outcome i { font-weight: 400; }
.surdix .sentence { font-weight: 600; }
.surdix .said { white-space: pre-wrap; unicode-bidi: isolate; }
.surdix pre, .surdix code { font-family: ui-monospace, Menlo, Consolas, monospace; font-size: .9em; }
.surdix pre { background: #8080801f; padding: .4rem .7rem; white-space: pre-wrap; }
.surdix figure { margin: .5rem 0; max-width: 35rem; }
.surdix figure > svg { width: 100%; height: auto; display: block; }
.surdix table { border-collapse: collapse; font-size: .9em; }
.surdix caption { text-align: left; }
.surdix th, .surdix td { padding: .1rem .5rem; text-align: right; }
"""
PAGE_STYLE = """
:root { color-scheme: light dark; }
body { max-width: 46rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.2rem; margin-top: 2rem; }
progress { width: 100%; }
nav ul { display: flex; flex-wrap: wrap; gap: .4rem; list-style: none; padding: 0; }
nav a { display: block; padding: .2rem .6rem; border: 1px solid #808080; border-radius: .4rem; color: inherit; }
@media print { article { break-inside: avoid; } }
"""


def text(said: str) -> str:
    """Text of a stranger as HTML: bounded, without controls, with what stands between back quotes as code."""
    return untrusted.coded(html.escape(untrusted.clean(said.strip("\n"))))


def fragment(desk: Desk, check_id: str, result: Result, styled: bool) -> str:
    """One check, to stand under a notebook's cell; `styled` for the first there."""
    style = f"<style>{STYLE}</style>" if styled else ""
    return f'<div class="surdix">{style}{article(desk, check_id, result)}</div>'


def article(desk: Desk, check_id: str, result: Result, anchor: str = "", first: bool = False) -> str:
    """One check: how it went, its sentence, all that is to be told of it and, where it helps, a picture."""

    def say(key: str, **values: Any) -> str:
        return sentences.say("page_" + key, values, desk.language)

    check = desk.checks[check_id]
    mark = f'<span aria-hidden="true">{MARKS.get(result.outcome, "✗")}</span>'
    tag = f" <i>{text(say('first'))}</i>" if first else ""
    parts = [
        f'<article class="{html.escape(result.outcome)}" data-check="{html.escape(check_id)}"{anchor}>',
        f'<p class="outcome">{mark} <span>{text(say(result.outcome))}</span> · {text(check["question"])} '
        f"<code>{text(check_id)}</code>{tag}</p>",
        f'<p class="sentence">{text(check["sentence"])}</p>',
    ]
    told = desk.told(check_id, result)
    values = "\n".join(said for kind, said in told if kind == "value")
    shown = [f'<p class="said {kind}">{text(said)}</p>' for kind, said in told if kind not in ("value", "printed")]
    parts += [*shown[:1], _listing(values), _picture(desk, check_id, result, say), *shown[1:]]
    parts += [f"<p>{text(desk.say('printed'))}</p>{_listing(said)}" for kind, said in told if kind == "printed"]
    return "\n".join([*filter(None, parts), "</article>"])


def _picture(desk: Desk, check_id: str, result: Result, say: picture.Say) -> str:
    if result.outcome == "pass" or not isinstance(result.answer, list):
        return ""
    case, part = desk.case(check_id, result.case), str((result.values or {}).get("part", ""))
    return picture.picture(desk.checks[check_id], case, result.answer[0], part, say)


def _listing(said: str) -> str:
    """Lines as they are: in them back quotes and indentation mean nothing."""
    return f'<pre class="said">{html.escape(untrusted.clean(said))}</pre>' if said else ""


def document(desk: Desk, notes: Sequence[str], results: Mapping[str, Result]) -> str:
    """The whole page: what does not pass first, in the order of the questions, since later ones build on earlier ones.

    `notes` say which file was looked at and what was left out of it.
    """

    def say(key: str) -> str:
        return text(sentences.say("page_" + key, None, desk.language))

    groups: dict[str, list[str]] = {"failing": [], "unwritten": [], "passing": []}
    for name, result in results.items():
        group = "passing" if result.outcome == "pass" else "unwritten" if result.to_write else "failing"
        groups[group].append(name)
    anchors: dict[str, str] = {}  # a question's first place on the page
    sections = []
    for group, names in groups.items():
        articles = []
        for name in names:
            question = desk.checks[name]["question"]
            anchor = "" if question in anchors else f' id="q{html.escape(question)}"'
            anchors.setdefault(question, name)
            first = group == "failing" and name == names[0]
            articles.append(article(desk, name, results[name], anchor, first))
        if names:
            body = "\n".join(articles)
            sections.append(
                f'<section aria-labelledby="{group}"><h2 id="{group}">{say(group)}</h2>\n{body}\n</section>'
            )
    links = []
    for question in dict.fromkeys(desk.checks[name]["question"] for name in results):
        found = [result for name, result in results.items() if desk.checks[name]["question"] == question]
        share = f"{sum(result.outcome == 'pass' for result in found)}/{len(found)}"
        links.append(f'<li><a href="#q{html.escape(question)}">{text(question)}: {share}</a></li>')
    passing = sum(result.outcome == "pass" for result in results.values())
    summary = text(desk.say("passing", passing=passing, count=len(results)))
    style = STYLE + PAGE_STYLE
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    title = text(desk.public["title"])
    return "\n".join(
        [
            f'<!doctype html>\n<html lang="{html.escape(desk.language)}">\n<head>\n<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="referrer" content="no-referrer">',
            f"<title>{html.escape(desk.public['title'])}</title>\n<style>{style}</style>\n</head>",
            f'<body class="surdix">\n<main>\n<h1>{title}</h1>',
            f'<p>{summary}</p>\n<progress max="{len(results)}" value="{passing}" aria-hidden="true"></progress>',
            f'<nav aria-label="{say("questions")}"><ul>{"".join(links)}</ul></nav>',
            *(f'<p class="said note">{text(note)}</p>' for note in notes),
            *sections,
            "</main>\n</body>\n</html>\n",
        ]
    )
