"""The command line: the only room that prints.

Exit status: 0 done; 1 done, with findings; 2 bad usage or input, one line on standard error; 3 grader fault.
"""

from grader.cli.main import main

__all__ = ["main"]
