"""Who may be asked, and what is said of addresses that lead nowhere."""

import subprocess
import sys

import pytest
from distributed import Security

from grader.cluster import connect
from grader.errors import UserError
from tests.cluster.conftest import every_fault
from tests.cluster.test_same_grades import Command, grades


@every_fault
def test_certificates_that_dask_is_configured_with_are_used(tmp_path, course, surdix, a_class, start_cluster):
    """Scheduler, worker and command show each other the same one; whoever has none is not let in."""
    key = Security.temporary().get_tls_config_for_role("client")
    files = {}
    for name, what in (("CA_FILE", "ca_file"), ("CLIENT__CERT", "cert"), ("CLIENT__KEY", "key")):
        path = tmp_path / f"{what}.pem"
        path.write_text(key[what])
        files[name] = str(path)
    own = {f"DASK_DISTRIBUTED__COMM__TLS__{name}": path for name, path in files.items()}
    for role in ("SCHEDULER", "WORKER"):
        own[f"DASK_DISTRIBUTED__COMM__TLS__{role}__CERT"] = files["CLIENT__CERT"]
        own[f"DASK_DISTRIBUTED__COMM__TLS__{role}__KEY"] = files["CLIENT__KEY"]
    cluster = start_cluster("tls", **own)
    cluster.worker()
    folder = a_class(4)
    surdix("grade", "tdm", folder, "--out", tmp_path / "alone")
    status, _, err = Command(tmp_path, course, folder, tmp_path / "out", "--cluster", cluster.address, **own).end()
    assert status == 0, err
    assert "gone" not in err, err
    assert grades(tmp_path / "out") == grades(tmp_path / "alone")
    refused = surdix("grade", "tdm", folder, "--out", tmp_path / "refused", "--cluster", cluster.address)
    assert refused.status == 2
    assert "TLS needs certificates" in refused.err


@pytest.mark.parametrize(
    "address", ["", "here", "local", "local:0", "local:x", "local:9999", "http://host:1", "tls://", "tcp://a b:1"]
)
def test_what_is_no_address_is_refused(address):
    with pytest.raises(UserError, match=r"not an address|at most local"):
        connect.refuse(address)


@pytest.mark.parametrize("address", ["local:3", "tcp://host:8786", "tls://10.0.0.1:8786", "tls://[::1]:8786"])
def test_what_is_one_is_not(address):
    connect.refuse(address)


def test_only_a_network_is_open():
    assert connect.is_open("tcp://host:1")
    assert not connect.is_open("tcp://127.0.0.1:1")
    assert connect.is_open("tcp://localhost-head:1")
    assert connect.is_open("tcp://127.example.org:1")
    assert not connect.is_open("tls://host:1")


def test_without_the_extra_it_is_one_sentence(tmp_path):
    """`distributed` cannot be imported: nothing else of the command needs it."""
    code = "import sys; sys.modules['distributed'] = None; from grader.cli import main; main()"
    arguments = ["grade", "td1", str(tmp_path), "--out", str(tmp_path / "out"), "--cluster", "local:2"]
    (tmp_path / "in").mkdir()
    arguments[2] = str(tmp_path / "in")
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert done.stderr == "surdix: --cluster needs dask.distributed, an extra: pip install 'surdix[cluster]'\n"


def test_both_jobs_and_a_cluster_is_refused(tmp_path, surdix, a_class):
    done = surdix("grade", "tdm", a_class(1), "--out", tmp_path / "out", "--cluster", "local:2", "--jobs", "2")
    assert done.status == 2
    assert "leave one of them out" in done.err


def test_the_doctor_sees_each_worker(cluster, surdix):
    cluster.worker()
    cluster.worker(preload="import grader\ngrader.__version__ = '0.0.9'\n")
    done = surdix("doctor", "--cluster", cluster.address)
    while "there is no worker" in done.err or done.out.count(" at once)") < 2:  # they have not come yet
        done = surdix("doctor", "--cluster", cluster.address)
    assert done.status == 1
    assert done.out.count("ms a submission") == 2
    assert done.out.count("gets nothing to grade: surdix 0.0.9") == 1
