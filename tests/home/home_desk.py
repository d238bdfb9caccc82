"""What a student does at their desk: write files, run commands."""

import json
import os
import subprocess
import sys

CLEAN = {
    name: value
    for name, value in os.environ.items()
    if not name.startswith(("PYTEST", "PYTHON", "SURDIX", "COV", "COLUMNS"))
}


class Desk:
    """A folder with a handout in it. `said` is what the last command printed, `status` how it ended."""

    def __init__(self, folder, made=None):
        self.folder, self.made = folder, made
        self.said = self.errors = ""
        self.status = 0

    def write(self, name, text, newline="\n"):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.replace("\n", newline).encode())
        return path

    def solve(self, old="", new="", name="tdh.py"):
        """Hand in the reference, with one edit."""
        text = self.made.script
        assert old in text
        return self.write(name, text.replace(old, new, 1) if old else text)

    def run(self, *command, python=sys.executable, stdin="", cwd=None, timeout=60, raw=False, **environment):
        done = subprocess.run(
            [str(python), *map(str, command)],
            cwd=cwd or self.folder,
            input=stdin.encode(),
            capture_output=True,
            timeout=timeout,
            check=False,
            env={**CLEAN, "PYTHONDONTWRITEBYTECODE": "1", **environment},
        )
        self.status = done.returncode
        self.said, self.errors = done.stdout, done.stderr
        if not raw:
            self.said, self.errors = self.said.decode(), self.errors.decode()
        return self.said

    def check(self, *arguments, **options):
        return self.run("check.py", *arguments, **options)

    def pytest(self, *arguments, **options):
        return self.run("-m", "pytest", "-p", "no:cacheprovider", *arguments, **options)

    def verdicts(self, *arguments, **options):
        """What `check.py --json` says, by check."""
        return json.loads(self.check(*arguments, "--json", **options))


def notebook(*sources, kinds=()):
    """A notebook's text, of these cells."""
    cells = [
        {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": source}
        for source in sources
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4})
