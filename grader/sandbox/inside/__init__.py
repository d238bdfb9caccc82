"""The jail's inside: standard library and the runner only, since nothing else of the project is there.

wire    messages over a socket, the same on both sides
linux   the system calls that Python 3.11 has no name for
serve   one submission: load it, then answer checks
forks   a check: asked in forks, which are watched and swept away
scratch files as they were after loading, before each check
apart   what else one check could leave for the next: open files, pipes, handlers of signals
warm    the process that has numpy imported and forks once for each submission
"""
