# make serve | test | test-long | check | bench | screenshots | demo | lock.  Python 3.11+ and make are all it asks for.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
HOST   ?= 127.0.0.1
PORT   ?= 8000

export PIP_DISABLE_PIP_VERSION_CHECK = 1
export PYTHONUTF8 = 1

.PHONY: serve test test-long check format bench screenshots demo lock clean

serve: $(VENV)/.serve
	@$(BIN)/nuanyi serve --host $(HOST) --port $(PORT)

test: $(VENV)/.dev
	@scripts/system-packages.sh
	@$(MAKE) --no-print-directory check
	$(BIN)/python -m pytest -n 2 --dist worksteal -m "not long" $(PYTEST_ARGS)

test-long: $(VENV)/.dev
	@scripts/system-packages.sh
	$(BIN)/python -m pytest -m long $(PYTEST_ARGS)
	HYPOTHESIS_PROFILE=nightly $(BIN)/python -m pytest -n 2 tests/properties $(PYTEST_ARGS)

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/codespell

format: $(VENV)/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.bench
	@for script in benchmarks/*.py; do $(BIN)/python $$script || exit 1; done

screenshots: $(VENV)/.dev
	@scripts/system-packages.sh
	$(BIN)/python scripts/screenshots.py

# The files of the demo district, from its script
demo: $(VENV)/.dev
	$(BIN)/python data/make_demo.py

# One virtual environment; each stamp adds to it what the stamp's name needs, by hash.
$(VENV)/.serve: requirements.lock pyproject.toml | $(BIN)/python
	$(call install,requirements.lock)

$(VENV)/.dev: requirements-dev.lock pyproject.toml | $(BIN)/python
	$(call install,requirements-dev.lock)

$(VENV)/.bench: requirements-bench.lock pyproject.toml | $(BIN)/python
	$(call install,requirements-bench.lock)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Nuanyi needs Python 3.11 or newer: make PYTHON=/path/to/python3.11 ..."; exit 1; }
	$(PYTHON) -m venv $(VENV)

define install
	$(BIN)/python -m pip install --quiet --require-hashes -r $(1)
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@
endef

# Every platform, every hash, no index address. Needs uv: python3 -m pip install uv
lock:
	$(UV_COMPILE) pyproject.toml --extra build -o requirements.lock
	$(UV_COMPILE) pyproject.toml --extra build --extra dev -c requirements.lock -o requirements-dev.lock
	$(UV_COMPILE) pyproject.toml --extra build --extra dev --extra bench -c requirements-dev.lock -o requirements-bench.lock

UV_COMPILE = uv pip compile --quiet --universal --generate-hashes --no-emit-index-url \
	--no-emit-find-links --no-annotate --custom-compile-command "make lock" $(LOCK_ARGS)

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
