# `make demo` and `make test` are all that a newcomer needs; `make help` lists the rest.
VENV ?= .venv
PYTHON ?= python3
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
TDS := $(notdir $(patsubst %/,%,$(dir $(wildcard assignments/*/assignment.toml))))

.PHONY: help demo test everything attacks fuzz check validate bench screenshots clean
.DEFAULT_GOAL := help

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(STAMP): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "surdix needs Python 3.11 or newer: make PYTHON=python3.12 ..."; exit 2; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
	  || { echo "Python cannot make a virtual environment here: sudo apt-get install python3-venv"; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@

check: $(STAMP)  ## linters, types, import rules, and a fast look at every TD
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	printf '%s\n' $(TDS) | xargs -n 1 -P 2 $(BIN)/python -m grader validate --fast --secrets 1 --quiet

validate: $(STAMP)  ## prove that every TD is fit to grade with, and keep what was measured in docs/validation/
	$(BIN)/python -m grader validate --json docs/validation $(TDS)

test: check  ## everything that CI runs
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder -q  # what a file shares is made once

everything: check  ## and what takes longer: every archive, kill and mistake, and every attack
	TERMS=all KILLS=all FAULTS=all MISTAKES=all NOTEBOOKS=all GOLDEN=all ATTACKS=all $(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder -q

attacks: $(STAMP)  ## every attack of tests/attacks, as root and as an ordinary user, warm and cold
	ATTACKS=all $(BIN)/pytest -n 2 -q tests/attacks

FUZZ ?= 60
fuzz: $(STAMP)  ## hostile bytes for all that reads them, with new seeds: make fuzz FUZZ=minutes of CPU
	FUZZ=$(FUZZ) $(BIN)/python -m tests.fuzz

demo: $(STAMP)  ## generate td2, grade a sample class, write the report
	rm -rf demo
	SURDIX_STORE=demo/store $(BIN)/surdix generate td2 --out demo/handout
	$(BIN)/python -m tests.golden.build demo/class --sample
	SURDIX_STORE=demo/store $(BIN)/surdix grade td2 demo/class --out demo/results || test $$? -eq 1  # 1: findings
	@echo "To use surdix yourself: . $(VENV)/bin/activate"

bench: $(STAMP)  ## measure what isolation costs, the thresholds of td2, comparing a class, and other graders
	$(BIN)/python benchmarks/overhead.py
	$(BIN)/python benchmarks/autodiff.py
	$(BIN)/python benchmarks/thresholds.py
	$(BIN)/python benchmarks/pages.py
	$(BIN)/python benchmarks/similar.py
	$(BIN)/python benchmarks/peers.py

SCREENSHOTS ?= docs/screenshots
screenshots: $(STAMP)  ## pictures of every kind of page, in Chromium: make screenshots SCREENSHOTS=folder
	$(BIN)/python -m tests.pages.screenshots $(SCREENSHOTS)

clean:  ## remove what make made
	rm -rf $(VENV) demo .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
