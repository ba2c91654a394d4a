# One word per habit. `make` alone lists them.

PORT ?= 8000
DATA ?= data
DEMO_DATA ?= demo-data
PYTEST_OPTIONS ?=

export UV_PYTHON_DOWNLOADS := never
UV := .tools/bin/uv
BIN := .venv/bin
WHEN := .venv/.stamps
SOURCES := pyproject.toml uv.lock tools/bootstrap.sh

.DEFAULT_GOAL := help
.PHONY: help run demo setup test check fix bench clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-7s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(WHEN)/run ## set up and start everything on http://localhost:$PORT (8000)
	@exec $(BIN)/circlekeeper up --data "$(DATA)" --port "$(PORT)"

demo: $(WHEN)/run ## the same with an invented community, in a folder of its own
	@PORT="$(PORT)" exec $(BIN)/circlekeeper demo --data "$(DEMO_DATA)"

setup: $(WHEN)/run ## only set up; then .venv/bin/circlekeeper is there

test: $(WHEN)/dev ## all tests: SQLite, PostgreSQL, browser
	@tools/test.sh $(PYTEST_OPTIONS)

check: $(WHEN)/dev ## format, lint, types, import contracts, content, migrations, docs, sizes
	@tools/check.sh

fix: $(WHEN)/dev ## mend what a tool can mend
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format --quiet .
	@$(BIN)/python -m tools.guide_map

bench: $(WHEN)/dev ## benchmarks: prints a table, writes JSON to bench/results
	@$(BIN)/python -m bench $(BENCH_OPTIONS)

clean: ## remove what was installed and cached; never the data
	@rm -rf .venv .tools .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis bench/results

$(WHEN)/run: $(SOURCES)
	@tools/bootstrap.sh run

$(WHEN)/dev: $(SOURCES)
	@tools/bootstrap.sh dev
