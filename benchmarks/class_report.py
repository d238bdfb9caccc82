"""How long a report of a large class takes: to be made, to be opened, sorted and searched in Chromium; and its size.

    python benchmarks/class_report.py [--students 1500] [--times 5]

The class is made up, with every status, mistakes that recur, and a link to each student's page. Opening is counted from
the request to the first frame; going to the table, which is laid out when it is looked at, sorting and searching from
the click or key to the next frame.
Medians; the bars are 5 MB, and 1 s for opening and for sorting.
"""

import argparse
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from grader.pages import report as class_report
from tests.pages.browser import CHROMIUM, Browser
from tests.pages.pages_samples import assignment, class_of, say

MOST_MB, MOST_SECONDS = 5.0, 1.0
FRAME = "new Promise(done => requestAnimationFrame(() => setTimeout(done)))"
CLICK = "document.querySelector('#students thead th:nth-child({}) button').click()"
TYPE = "(box => (box.value = '{}', box.dispatchEvent(new Event('input'))))(document.getElementById('search'))"


def made(students: int) -> str:
    """The page of a class in which each student has an id, a name and a file of the usual length."""
    reports = [
        replace(one, student_id=f"{22000000 + 7 * number}", name=f"{one.name} {one.name}-{number}")
        for number, one in enumerate(class_of(max(0, students - 6)))
    ]
    return class_report(reports, assignment(), say, feedback_name=lambda student: f"Feedback_of_{student}_submitted")


def seconds_of(browser: Browser, action: str) -> float:
    """From an action on the page to the frame that shows what it did."""
    timed = f"const start = performance.now(); {action}; await {FRAME}; return performance.now() - start"
    return float(browser.evaluate(f"(async () => {{ {timed} }})()")) / 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--students", type=int, default=1500)
    parser.add_argument("--times", type=int, default=5)
    arguments = parser.parse_args()
    if CHROMIUM is None:
        sys.exit("class_report: there is no Chromium on this machine: apt-get install chromium")
    started = time.perf_counter()
    html = made(arguments.students)
    making = time.perf_counter() - started
    taken: dict[str, list[float]] = {
        name: [] for name in ("open", "go to the table", "sort by score", "sort by name", "search")
    }
    with tempfile.TemporaryDirectory() as scratch, Browser(Path(scratch)) as browser:
        page = Path(scratch) / "report.html"
        page.write_text(html, encoding="utf-8")
        for _ in range(arguments.times):
            started = time.perf_counter()
            browser.open(page)
            browser.evaluate(FRAME)
            taken["open"].append(time.perf_counter() - started)
            taken["go to the table"].append(seconds_of(browser, "location.hash = 'everybody'"))
            taken["sort by score"].append(seconds_of(browser, CLICK.format(3)))
            taken["sort by name"].append(seconds_of(browser, CLICK.format(1)))
            taken["search"].append(seconds_of(browser, TYPE.format("lefevre")))
        rows = browser.evaluate("document.querySelectorAll('#students tbody tr').length")
        assert rows == arguments.students and browser.console == [], (rows, browser.console)
    print(
        f"{arguments.students} students: {len(html.encode()) / 1e6:.2f} MB (bar: {MOST_MB:g}), made in {making:.2f} s"
    )
    for name, times in taken.items():
        print(f"  {name:15s} {statistics.median(times):6.3f} s   (largest of {len(times)}: {max(times):.3f})")
    slowest = max(statistics.median(times) for times in taken.values())
    size = len(html.encode()) / 1e6
    print(f"  of the bars     {slowest / MOST_SECONDS:.2f} of the time, {size / MOST_MB:.2f} of the size")
    slow = [name for name, times in taken.items() if statistics.median(times) > MOST_SECONDS]
    if slow or size > MOST_MB:
        sys.exit(f"class_report: above the bar: {', '.join(slow) or 'its size'}")


if __name__ == "__main__":
    main()
