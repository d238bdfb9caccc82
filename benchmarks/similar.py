"""How long `surdix similar` compares: classes of 45 and 300, each hand-in a right answer to td2 with changes.

python benchmarks/similar.py
"""

from __future__ import annotations

import ast
import random
import resource
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from grader.authoring import load
from grader.similarity.pairs import compare
from grader.similarity.runs import HandIn

PROJECT = Path(__file__).parents[1]
SIZES = (45, 300)
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
    print("hand-ins   characters             seconds   pairs")
    for size in SIZES:
        rng = random.Random(size)
        made = [ast.unparse(Changed(rng).visit(ast.parse(rng.choice(texts)))) for _ in range(size)]
        hand_ins = [HandIn(str(number), ("",), (text,)) for number, text in enumerate(made)]
        started = time.perf_counter()
        found = compare(hand_ins, stub)
        taken = time.perf_counter() - started
        print(f"{size:8}   {sum(map(len, made)):20,}   {taken:7.1f}   {found.above:5}")
    print(f"peak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
