"""What the grader, the jail and every handout share: numpy and the standard library, Python 3.9 or newer.

The same files run in three places. In the jail they load a submission and put questions to it; in the grader they
compare the answers; in a handout, inside `check.py`, they do both. That is why a student's verdicts at home are the
grader's own.

    codec     values to bytes and back, without pickle
    reading   a file's bytes to cells, a cell's text to top-level blocks
    loading   blocks to a module, one statement at a time
    probing   a module and a case to an answer
    compare   an answer and what was expected to a finding
    sentences a finding's key to words
    home      all of it at a student's desk: check.py, pytest, a notebook's kernel
    figures   an answer to what there is to draw of it
    untrusted what a stranger wrote to text that pages can show
"""
