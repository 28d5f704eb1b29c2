# The commands of the project. Each sets up what it needs first.
PYTHON ?= python3
BIN := .venv/bin
COMPILE := $(BIN)/pip-compile -q --generate-hashes --strip-extras --no-annotate --no-header \
	--no-emit-index-url --no-emit-trusted-host --no-emit-find-links

# Else every process that the tests start compiles the modules anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: setup run test quick check docs bench siege dmn lock

setup: .venv/run.done .venv/dev.done ## everything, for work on the project

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/run.done: requirements.txt | .venv/bin/python
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/dev.done: requirements-dev.txt | .venv/bin/python
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

run: .venv/run.done ## with a token on Telegram, without one on the phone page
	$(BIN)/python -m bot

test: .venv/dev.done ## every test, in three processes since many tests wait
	$(BIN)/python -m pytest -n 3 --dist worksteal

quick: .venv/dev.done ## the tests for one who works, in a minute or two
	$(BIN)/python -m pytest -n 2 --dist worksteal -m "not slow"

check: .venv/dev.done ## style, types, and whether the generated pages are current
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m docs --check

docs: .venv/dev.done ## write the generated pages anew
	$(BIN)/python -m docs

bench: .venv/dev.done ## the table of docs/benchmarks.md: a quarter of an hour, a third of it people whose Telegram fails
	$(BIN)/python -m bench

siege: .venv/dev.done ## the crowd at full size, killed again and again; hostile updates
	$(BIN)/python -m bench.crowd
	$(BIN)/python -m bench.hostile

dmn: ## the second judge of the rules, for `python -m guideline compare FILE`; needs Node.js and npm
	npm ci --prefix tools/dmn --ignore-scripts --no-audit --no-fund

lock: .venv/dev.done ## pin the dependencies anew, with hashes
	$(COMPILE) -o requirements.txt pyproject.toml
	$(COMPILE) --extra dev --allow-unsafe -o requirements-dev.txt pyproject.toml
