"""The jail's inside: standard library and the runner only, since nothing else of the project is there.

wire    messages over a socket, the same on both sides
linux   the system calls that Python 3.11 has no name for
serve   one submission: load it, then answer checks, each in a fork
warm    the process that has numpy imported and forks once for each submission
"""
