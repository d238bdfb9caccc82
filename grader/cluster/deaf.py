"""Run by each process of `local:N` as it starts: Ctrl-C in a terminal reaches them, and is the command's to answer."""

import signal

signal.signal(signal.SIGINT, signal.SIG_IGN)
