"""Each TD of this repository loads, draws, takes its mistakes, and hands out no solution."""

import secrets
import warnings

import matplotlib
import pytest

from grader.authoring import draws, handout, leaks, load

TDS = sorted(path.parent.name for path in (load.PROJECT / "assignments").glob("*/assignment.toml"))


@pytest.fixture(scope="module", params=TDS)
def loaded(request):
    return load.load(load.PROJECT, request.param)


def test_cases_can_be_drawn(loaded):
    for _ in range(5):
        draws.draw(loaded, secrets.token_bytes(32))


def test_every_mistake_makes_a_reference_that_loads(loaded):
    for mistake in loaded.mistakes:
        load.mutated(loaded, mistake)


def test_what_the_handout_draws_can_be_drawn(loaded, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, content in loaded.data.items():
        (tmp_path / name).write_bytes(content)
    matplotlib.use("agg")
    from matplotlib import pyplot

    module = dict(vars(loaded.reference))
    with warnings.catch_warnings(category=UserWarning, action="ignore"):  # "agg" shows nothing
        for plot in loaded.prose.plots:
            pyplot.close("all")
            exec(compile(plot.text, "a plot", "exec"), module)
            axes = [ax for number in pyplot.get_fignums() for ax in pyplot.figure(number).axes]
            assert axes and all(ax.lines or ax.collections for ax in axes)
    pyplot.close("all")


def test_the_handout_shows_no_solution(loaded, tmp_path):
    folder = handout.write(loaded, loaded.probes_with_predicates, tmp_path)
    assert leaks.leaks(loaded, folder) == []
    assert leaks.leaks(loaded, folder.with_suffix(".zip")) == []
