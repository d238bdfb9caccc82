"""`python -m grader` is `surdix`."""

from grader.cli import main

main()
