"""surdix: generation of TDs, sandboxed grading, reports and the command line."""

__version__ = "0.1.0"
