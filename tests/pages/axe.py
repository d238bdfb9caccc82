"""axe-core on a page: what of it somebody could not see, hear or reach."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path

from tests.pages.browser import Browser

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_found = find_spec("axe_core_python")
SOURCE = Path(_found.origin).parent / "axe.min.js" if _found and _found.origin else None


def violations(browser: Browser) -> list[str]:
    """The rules that the open page breaks, each with where and why."""
    assert SOURCE is not None
    browser.evaluate(SOURCE.read_text(encoding="utf-8") + "; 0")
    options = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
    found = browser.evaluate(f"axe.run(document, {json.dumps(options)}).then(found => JSON.stringify(found))")
    return [
        f"{rule['id']}: {node['html'][:160]}: {node['failureSummary']}"
        for rule in json.loads(found)["violations"]
        for node in rule["nodes"]
    ]
