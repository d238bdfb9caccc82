"""What goes wrong between machines, with a scheduler and workers that are processes of their own."""

import os
import signal
import time

import pytest

from grader.sandbox.jail import bwrap
from tests.cli.test_killed import recorded
from tests.cluster.conftest import SLOWLY, every_fault, until
from tests.cluster.test_same_grades import GOOD_POISON, POISON, Command, grades

FAILS = """
from grader.cluster import worker
from grader.pipeline import grade
done = []
def fails(sandbox, submission, marking):
    done.append(submission)
    if len(done) > 2:
        raise OSError(28, "No space left on device")
    return grade(sandbox, submission, marking)
worker.grade = fails
"""
OTHER_VERSION = "import grader\ngrader.__version__ = '0.0.9'\n"


@pytest.fixture
def alone(tmp_path, surdix, a_class):
    """Grade a class here, and then on a cluster; the second command, while it runs."""

    def start(course, cluster, count=16, before=SLOWLY, **others):
        folder = a_class(count, before, **others)
        surdix("grade", "tdm", folder, "--out", tmp_path / "alone")
        return Command(tmp_path, course, folder, tmp_path / "out", "--cluster", cluster.address)

    return start


def ends_the_same(run, tmp_path, count=16):
    status, out, err = run.end()
    assert status in (0, 1), err
    assert grades(tmp_path / "out") == grades(tmp_path / "alone")
    assert recorded(tmp_path / "out") == (count, count)
    return out, err


def test_workers_that_are_unfit_get_nothing(tmp_path, course, cluster, alone):
    """One has another version, one may make no namespaces: both are named, and the third does everything."""
    cluster.worker(preload=OTHER_VERSION)
    cluster.worker(before=(bwrap(), "--unshare-user", "--disable-userns", "--dev-bind", "/", "/"))
    cluster.worker()
    _, err = ends_the_same(alone(course, cluster, before=""), tmp_path)
    assert err.count("gets nothing to grade") == 2
    assert "surdix 0.0.9" in err
    assert "sandbox does not start" in err


def test_a_cluster_without_a_fit_worker_is_refused(tmp_path, course, cluster, alone):
    cluster.worker(preload=OTHER_VERSION)
    status, _, err = alone(course, cluster).end()
    assert status == 2
    assert f"{cluster.address}: none of its workers can grade: surdix 0.0.9" in err
    assert len(err.strip().splitlines()) == 2
    assert recorded(tmp_path / "out") == (0, 0)


@every_fault
def test_a_scheduler_that_is_started_again_is_found_again(tmp_path, course, cluster, alone):
    cluster.worker(nanny=True)
    run = alone(course, cluster)
    run.graded(2)
    os.killpg(cluster.scheduler.pid, signal.SIGKILL)
    cluster.scheduler.wait()
    before = recorded(tmp_path / "out")[0]
    assert before < 16
    time.sleep(1)
    cluster.scheduler = cluster.schedule()
    cluster.worker()
    _, err = ends_the_same(run, tmp_path)
    assert "the scheduler is gone" in err


@every_fault
def test_a_poison_among_unfit_workers_is_found_and_hurts_nobody(tmp_path, course, cluster, alone):
    """The scheduler is not ours: it lets four workers die with a task. One of the others has another version."""
    cluster.worker(preload=OTHER_VERSION)
    cluster.worker(preload=POISON, nanny=True)
    cluster.worker(preload=POISON, nanny=True)
    run = alone(course, cluster, before="", poison=GOOD_POISON)
    status, _, err = run.end()
    assert status == 1, err
    theirs, ours = (
        dict(line.split(b",", 1) for line in grades(tmp_path / way).splitlines()) for way in ("out", "alone")
    )
    assert b"crashed" in theirs.pop(b"poison")
    assert b"graded" in ours.pop(b"poison")
    assert theirs == ours
    assert "Traceback" not in err


@every_fault
def test_a_worker_that_fails_midway_does_not_get_the_most_work(tmp_path, course, cluster, alone):
    cluster.worker(preload=FAILS)
    cluster.worker()
    _, err = ends_the_same(alone(course, cluster), tmp_path)
    assert "gets nothing to grade: OSError: [Errno 28]" in err


@every_fault
def test_a_scheduler_that_is_started_again_before_a_worker_came(tmp_path, course, cluster, alone):
    run = alone(course, cluster, before="")
    until(lambda: b"client" in (cluster.folder / "scheduler0.log").read_bytes().lower(), what="the command")
    os.killpg(cluster.scheduler.pid, signal.SIGKILL)
    cluster.scheduler.wait()
    cluster.scheduler = cluster.schedule()
    cluster.worker()
    ends_the_same(run, tmp_path)


@every_fault
def test_more_workers_than_dask_shows_by_itself(tmp_path, course, cluster, surdix):
    for _ in range(6):
        cluster.worker()
    done = surdix("doctor", "--cluster", cluster.address)
    while done.out.count(" at once)") < 6:
        done = surdix("doctor", "--cluster", cluster.address)
    assert done.status == 0


@every_fault
def test_what_a_frozen_worker_holds_is_given_to_another(tmp_path, course, cluster, alone):
    cluster.worker()
    frozen = cluster.worker()
    run = alone(course, cluster)
    run.graded(4)
    os.killpg(frozen.pid, signal.SIGSTOP)
    try:
        ends_the_same(run, tmp_path)
    finally:
        os.killpg(frozen.pid, signal.SIGCONT)


@every_fault
def test_ctrl_c_stops_at_once_and_the_rest_is_graded_later(tmp_path, course, cluster, alone, surdix):
    cluster.worker()
    run = alone(course, cluster)
    run.graded(2)
    started = time.monotonic()
    run.process.send_signal(signal.SIGINT)
    status, _, _ = run.end()
    assert status == 130
    assert time.monotonic() - started < 4  # 2 where nothing else runs on the machine
    assert 2 <= recorded(tmp_path / "out")[0] < 16
    again = Command(tmp_path, course, tmp_path / "class", tmp_path / "out", "--cluster", cluster.address)
    ends_the_same(again, tmp_path)


@every_fault
def test_a_scheduler_that_is_not_there_is_one_sentence(tmp_path, surdix, a_class):
    done = surdix("grade", "tdm", a_class(1), "--out", tmp_path / "out", "--cluster", "tcp://127.0.0.1:9")
    assert done.status == 2
    assert (
        done.err.strip()
        .splitlines()[-1]
        .endswith("no scheduler answers there; is it started, is its port open, and does it speak tls:// (or tcp://)?")
    )
