"""The private store is private, whole or not there, and gives the same draws for the same secret."""

import multiprocessing

import numpy as np
import pytest

from grader.authoring import store
from grader.errors import UserError


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch):
    path = tmp_path / "somewhere" / "store"
    monkeypatch.setenv("SURDIX_STORE", str(path))
    return path


def test_it_is_where_the_contract_says(monkeypatch, tmp_path, place):
    assert store.location() == place
    monkeypatch.delenv("SURDIX_STORE")
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert store.location() == tmp_path / ".local" / "share" / "surdix"


def test_the_secret_is_made_once_for_its_owner_alone(place):
    first = store.secret()
    assert len(first) == 32 and first == store.secret()
    assert place.stat().st_mode & 0o777 == 0o700
    assert (place / "secret").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in place.iterdir()] == ["secret"]


def test_all_who_make_it_at_once_get_the_same():
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        results = [pool.apply_async(store.secret) for _ in range(8)]
        assert len({result.get(60) for result in results}) == 1


def test_an_empty_folder_of_any_mode_becomes_private(place):
    place.mkdir(parents=True, mode=0o755)
    store.secret()
    assert place.stat().st_mode & 0o077 == 0


def test_a_folder_or_secret_that_others_can_read_is_refused(place):
    store.secret()
    place.chmod(0o750)
    with pytest.raises(UserError, match="chmod 700"):
        store.secret()
    place.chmod(0o700)
    (place / "secret").chmod(0o644)
    with pytest.raises(UserError, match="chmod 600"):
        store.secret()


def test_a_secret_cut_short_is_never_used(place):
    store.secret()
    (place / "secret").write_bytes(b"short")
    with pytest.raises(UserError, match="holds 5 bytes, not 32; restore"):
        store.secret()


def test_a_place_that_cannot_be_made_is_one_sentence(place):
    place.parent.mkdir()
    place.write_text("a file")
    with pytest.raises(UserError, match="set SURDIX_STORE to a folder that you can write to"):
        store.secret()


def test_what_is_kept_comes_back(place):
    assert store.kept("td2 v1") is None
    store.keep("td2 v1", b"one")
    store.keep("td2 v1", b"two")
    assert store.kept("td2 v1") == b"two"
    assert store.kept("td2 v2") is None
    (kept,) = (place / "expected").iterdir()
    assert kept.stat().st_mode & 0o077 == 0


def test_draws_depend_on_secret_td_check_and_student():
    keys = [(b"a", "td1", "x", ""), (b"b", "td1", "x", ""), (b"a", "td2", "x", ""), (b"a", "td1", "y", "")]
    keys.append((b"a", "td1", "x", "42"))
    draws = [store.rng(*key).random() for key in keys]
    assert len(set(draws)) == len(draws)
    assert draws == [store.rng(*key).random() for key in keys]
    assert isinstance(store.rng(store.PUBLIC, "td1", "x"), np.random.Generator)
