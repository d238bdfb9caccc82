"""What a student does at their desk: write files, run commands, execute a notebook."""

import json
import os
import re
import subprocess
import sys

CLEAN = {
    name: value
    for name, value in os.environ.items()
    if not name.startswith(("PYTEST", "PYTHON", "SURDIX", "COV", "COLUMNS", "JUPYTER", "IPYTHON"))
}
EXECUTE = """
import sys, nbformat
from nbclient import NotebookClient

book = nbformat.read(sys.argv[1], 4)
NotebookClient(book, timeout=60, allow_errors=True, resources={"metadata": {"path": "."}}).execute()
nbformat.write(book, sys.argv[1])
"""


class Desk:
    """A folder with a handout in it. `said` is what the last command printed, `status` how it ended."""

    def __init__(self, folder, made=None):
        self.folder, self.made = folder, made
        self.said = self.errors = ""
        self.status = 0

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def solve(self, old="", new="", name="tdh.py"):
        """Hand in the reference, with one edit."""
        text = self.made.script
        assert old in text
        return self.write(name, text.replace(old, new, 1) if old else text)

    def start(self, *command, python=sys.executable, **environment):
        return subprocess.Popen(
            [str(python), *map(str, command)],
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            env={**CLEAN, **environment},
        )

    def run(self, *command, python=sys.executable, stdin="", cwd=None, timeout=90, encoding="utf-8", **environment):
        done = subprocess.run(
            [str(python), *map(str, command)],
            cwd=cwd or self.folder,
            input=stdin.encode(),
            capture_output=True,
            timeout=timeout,
            check=False,
            env={**CLEAN, **environment},
        )
        self.status = done.returncode
        self.said, self.errors = done.stdout.decode(encoding), done.stderr.decode(encoding)
        return self.said

    def check(self, *arguments, **options):
        return self.run("check.py", *arguments, **options)

    def pytest(self, *arguments, **options):
        return self.run("-m", "pytest", "-p", "no:cacheprovider", *arguments, **options)

    def verdicts(self, *arguments, **options):
        """What `check.py --json` says, by check."""
        return json.loads(self.check(*arguments, "--json", **options))

    def execute(self, name, **environment):
        """A notebook's code cells, executed in order: for each its source and what it shows, errors included."""
        self.run("-c", EXECUTE, name, **environment)
        assert self.status == 0, self.errors
        book = json.loads((self.folder / name).read_text(encoding="utf-8"))
        return [("".join(cell["source"]), _shown(cell)) for cell in book["cells"] if cell["cell_type"] == "code"]


def _shown(cell):
    texts = []
    for output in cell["outputs"]:
        if output["output_type"] == "error":
            texts.append(f"{output['ename']}: {output['evalue']}\n" + "\n".join(output["traceback"]))
        elif output["output_type"] == "display_data":
            texts.append("".join(output["data"]["text/plain"]) + "\n")
        else:
            texts.append("".join(output.get("text", output.get("data", {}).get("text/plain", ""))))
    return re.sub(r"\x1b\[[\d;]*m", "", "".join(texts))


def notebook(*sources):
    """A notebook's text, of these code cells."""
    cells = [
        {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": source}
        for source in sources
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4})
