"""How long `surdix similar` compares: classes of 45 and 300, each hand-in a right answer to td2 with changes.

    python benchmarks/similar.py

The bars are 10 s for the large class, and 10 times the time of the small one, which it is 7 times as large as: what
grows with the square of a class must stay small beside what grows with it. The first comparison imports scipy,
and is not counted. Seconds are the processor's: what else the machine does is not in them.
"""

from __future__ import annotations

import ast
import random
import resource
import sys
import time
from pathlib import Path

PROJECT = Path(__file__).parents[1]
sys.path.insert(0, str(PROJECT))

from grader.authoring import load
from grader.similarity.pairs import compare
from grader.similarity.runs import HandIn

SIZES = (45, 300)
MOST_SECONDS, MOST_TIMES = 10.0, 10.0
CHANGED = 0.3  # of a file's statements


class Changed(ast.NodeTransformer):
    """Puts a call of the student's own in some statements."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng

    def visit_Assign(self, node: ast.Assign) -> ast.Assign:
        if self.rng.random() < CHANGED:
            method = ast.Attribute(node.value, f"own{self.rng.randrange(10**6)}", ast.Load())
            node.value = ast.Call(method, [], [])
        return node


def main() -> None:
    stub = load.load(PROJECT, "td2").assignment.stub
    texts = [path.read_text() for path in sorted((PROJECT / "tests" / "submissions" / "td2" / "bases").glob("*.py"))]
    compare([HandIn(str(number), ("",), (text,)) for number, text in enumerate(texts)], stub)
    print("hand-ins   characters             seconds   groups")
    seconds = []
    for size in SIZES:
        rng = random.Random(size)
        made = [ast.unparse(Changed(rng).visit(ast.parse(rng.choice(texts)))) for _ in range(size)]
        hand_ins = [HandIn(str(number), ("",), (text,)) for number, text in enumerate(made)]
        started = time.process_time()
        found = compare(hand_ins, stub)
        seconds.append(time.process_time() - started)
        print(f"{size:8}   {sum(map(len, made)):20,}   {seconds[-1]:7.1f}   {found.above:6}")
    times = seconds[1] / seconds[0]
    print(f"{SIZES[1]} take {times:.1f} times as long as {SIZES[0]} (bar: {MOST_TIMES:g}; {MOST_SECONDS:g} s)")
    print(f"peak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    if seconds[1] > MOST_SECONDS or times > MOST_TIMES:
        sys.exit("similar: above the bar")


if __name__ == "__main__":
    main()
