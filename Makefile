# Two commands matter: `make run` and `make test`. docs/running.md tells the rest.
SHELL := /bin/sh
PYTHON ?= python3
BIN := .venv/bin
DEMO := $(CURDIR)/demo
PO := $(wildcard app/translations/*/LC_MESSAGES/messages.po)
CORES := $(shell getconf _NPROCESSORS_ONLN)
# half as many again as there are cores: many tests wait for processes
TESTERS ?= $(shell expr $(CORES) + $(CORES) / 2)

.PHONY: run demo test test-postgresql check bench lighthouse faults lock messages format clean

run: .venv/.ready $(PO:.po=.mo)
	@exec $(BIN)/flask serve

demo: .venv/.ready $(PO:.po=.mo)
	@EINZELFALL_INSTANCE=$(DEMO) $(BIN)/flask demo load
	@EINZELFALL_INSTANCE=$(DEMO) exec $(BIN)/flask serve

test: .venv/.ready-dev $(PO:.po=.mo)
	@bin/needs browser fonts postgresql redis-server nginx strace iproute2 slowhttptest cc
	@$(BIN)/python -m compileall -q app # once, not in each of its processes, where the environment wants no bytecode kept
	@$(BIN)/pytest --numprocesses $(TESTERS) --dist loadfile $(ARGS)

# the same with every site on PostgreSQL; what is about SQLite itself is left out and counted
test-postgresql:
	@$(MAKE) --no-print-directory test ARGS="--database=postgresql $(ARGS)"

check: .venv/.ready-dev $(PO:.po=.mo)
	@bin/check

bench: .venv/.ready-dev $(PO:.po=.mo)
	@$(BIN)/python -m bench $(ARGS)

# scores of Lighthouse 12 (npm) on home, post and form; ARGS=URL for a site that runs
lighthouse: .venv/.ready-dev $(PO:.po=.mo)
	@bin/needs chromium
	@$(BIN)/python -m bench.lighthouse $(ARGS)

# hours; Ctrl-C and the same command goes on. ARGS="worker term --rounds 20" does less
faults: .venv/.ready-dev $(PO:.po=.mo)
	@bin/needs strace postgresql redis-server slowhttptest cc
	@$(BIN)/python -m tests.faults $(ARGS)

format: .venv/.ready-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/djlint --reformat --quiet templates

# after a new visible word: extract, merge; then write the German in app/translations/de
messages: .venv/.ready-dev
	bin/messages

lock: .venv/.ready-dev
	bin/lock

.venv/.ready: requirements.lock
	@bin/setup $(PYTHON) requirements.lock
	@touch $@

.venv/.ready-dev: requirements-dev.lock
	@bin/setup $(PYTHON) requirements-dev.lock
	@touch .venv/.ready $@

%.mo: %.po
	@$(BIN)/pybabel -q compile --input-file $< --output-file $@
	@test -f $@ || { echo 'not compiled: $<' >&2; exit 1; }

clean:
	rm -rf .venv $(PO:.po=.mo) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
