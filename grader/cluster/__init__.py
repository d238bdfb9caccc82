"""A class graded on other machines, by dask.distributed: an optional extra, `pip install surdix[cluster]`.

    engine   on this machine: what is sent where, and what is done about what goes wrong
    parcel   what workers need of a TD, as content: no disk is shared
    worker   on each worker: the TD unpacked, sandboxes of its own, one submission graded

Workers are trusted, sandboxes on them are not: a parcel holds the secret that hidden cases are drawn from and what is
expected of them, and never goes into a sandbox.
"""
