# The developer's commands; `make` lists them. They run in .venv, which `make setup` makes, or with PYTHON=… in another.
PYTHON ?= $(or $(wildcard .venv/bin/python),python3)
PYTEST = $(PYTHON) -m pytest
PARALLEL = -n auto --dist loadgroup

.DEFAULT_GOAL := help
.PHONY: help setup fast test lint laws bench corpus regenerate site newest lock release

help: ## list these commands
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | expand -t 12

setup: ## make .venv with the versions that are tested
	python3 -m venv --clear .venv
	.venv/bin/pip install -q -c constraints.txt -e '.[test,spark,clickhouse,postgres]'

# With a word on what takes a second or more: it belongs to the slow ones (pytest.mark.slow).
fast: export APIDIFF_LAW_EXAMPLES = 4
fast: export APIDIFF_FUZZ_EXAMPLES = 30
fast: export APIDIFF_FUZZ_CASES = 30
fast: ## what to run at every save: under 40 s on two cores
	PYTHONDONTWRITEBYTECODE= $(PYTEST) -q $(PARALLEL) --durations=5 --durations-min=1 -m "not slow and not corpus and not bench"

test: ## all tests, as CI runs them
	$(PYTEST) $(PARALLEL)

lint: ## ruff, mypy and import-linter
	$(PYTEST) -q tests/test_architecture.py

laws: export APIDIFF_LAW_EXAMPLES ?= 300
laws: ## the laws alone, with more cases than at a desk
	$(PYTEST) -q $(PARALLEL) tests/laws

bench: ## time and memory, beside the peers' and the floor
	$(PYTEST) -q -m bench --benchmark-enable
	$(PYTHON) tests/bench/bench_diff.py
	$(PYTHON) tests/bench/bench_peers.py
	$(PYTHON) tests/bench/bench_plan.py
	mkdir -p build/bench && $(PYTHON) -m tests.bench.bench_snapshot --data build/bench
	mkdir -p build/bench && $(PYTHON) tests/bench/bench_usage.py --data build/bench

corpus: ## the tests on real specs, which lie in ../shared/specs
	$(PYTEST) -q $(PARALLEL) -m corpus

regenerate: ## every generated page anew: review them as a git diff
	$(PYTHON) -m fixtures.simulator.demo
	$(PYTHON) -m apidiff rules --format markdown --output apidiff/rules/CATALOGUE.md
	APIDIFF_REWRITE=1 $(PYTEST) -q tests/test_docs.py
	APIDIFF_REWRITE=1 $(PYTEST) -q tests/test_pages.py -k outputs

site: ## the documentation's site, in build/docs/site
	$(PYTHON) tests/tools/documentation.py build/docs

newest: ## the tests with the newest of every library, and what they break; past our bounds with BEYOND=1
	$(PYTHON) tests/tools/newest.py $(if $(BEYOND),--beyond) $(if $(TESTS),-- $(TESTS))

lock: ## the same, and what was tried becomes constraints.txt if no test fails
	$(PYTHON) tests/tools/newest.py --lock

release: ## the version VERSION=…: changelog, commit, tag, sdist and wheel
	$(PYTHON) tests/tools/release.py $(VERSION)
	git commit -q -a -m "release: $(VERSION)"
	git tag -a "v$(VERSION)" -m "apidiff $(VERSION)"
	$(PYTHON) -m hatchling build --clean
