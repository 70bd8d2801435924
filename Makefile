# Heard's commands. They need only Python 3.11 or newer with venv, and make.

PYTHON ?= python3
BIN := .venv/bin
FAST := tests/conversations tests/handlers tests/test_scripts.py tests/storage/test_answers.py tests/storage/test_outcomes.py

.PHONY: run test fast all ok checks bench soak words train notice lock clean

run: .venv/run  ## install what is missing, migrate, start; Ctrl-C stops it cleanly
	@$(BIN)/python -m bot run

test: .venv/dev  ## install what is missing, run every test that this machine can run; report what was skipped and why, and what only make all runs
	@$(BIN)/pytest

fast: .venv/dev  ## a quick part of the tests, while you work: conversations, their scripts, handlers, some of storage
	@$(BIN)/pytest $(FAST) -k "not postgres"

all: .venv/dev  ## every test, as .ci/run does: kill runs, long walks, and all of storage on PostgreSQL too
	@$(BIN)/pytest --all

ok: checks test  ## before a commit: format, lint, types, import contracts, tests

# Compile once, not in every process that the tests start.
test fast all: export PYTHONDONTWRITEBYTECODE =

checks: .venv/dev  ## format, lint, types, import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/dev  ## speed, compared with its peers in the same run; make bench PART="turns start" for some of it
	@$(BIN)/python -m tests.bench $(PART)

soak: .venv/dev  ## a thousand kills on each database, and the fate of every message; takes most of an hour
	@$(BIN)/python -m tests.soak

words: .venv/dev  ## collect the sentences of the code into the catalogues
	@$(BIN)/python -m tests.words

train: .venv-train/ready  ## retrain the classifier of signs of danger from training/sentences; takes ten minutes
	@.venv-train/bin/python -m training.train

notice: .venv/run  ## measure what is noticed, on sentences by writers that nothing was trained on
	@mkdir -p build
	@for language in english polish; do \
	  $(BIN)/python -m training.as_jsonl training/measure/$$language > build/$$language.jsonl; \
	  echo; echo $$language; $(BIN)/python -m bot notice --table build/$$language.jsonl || exit 1; done

lock: .venv/dev  ## regenerate the lock files
	@for part in "--group dev -o requirements-dev.lock" "-c requirements-dev.lock -o requirements.lock"; do \
	  $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	    --no-header --no-annotate pyproject.toml $$part || exit 1; done

clean:
	rm -rf .venv .venv-train build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

.venv/run: requirements.lock
	@echo "Installing what Heard needs into .venv (once; a minute or two)…"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Heard needs Python 3.11 or newer: make run PYTHON=python3.11"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

# Apart from .venv, which it reads: nothing that runs or is tested needs these packages.
.venv-train/ready: .venv/run pyproject.toml
	@$(PYTHON) -m venv .venv-train
	@.venv-train/bin/pip install --quiet --disable-pip-version-check $$($(BIN)/python -c \
	  'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["dependency-groups"]["training"])')
	@ls -d "$$PWD"/.venv/lib/python*/site-packages > $$(ls -d .venv-train/lib/python*/site-packages)/heard.pth
	@touch $@

.venv/dev: requirements-dev.lock
	@echo "Installing what the tests need into .venv (once; a minute or two)…"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@ .venv/run
