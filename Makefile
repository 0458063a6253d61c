# healthspace: `make help` explains everything.
.DEFAULT_GOAL := help
SHELL := /bin/sh
BIN := .venv/bin
# Two test processes; tests that share the one live product stay together; what was left out is named at the end.
PYTEST := $(BIN)/pytest -n $(or $(N),2) --dist loadgroup -rs
WEEK_AGO := $(shell date -u -d '7 days ago' +%Y-%m-%dT00:00:00Z)

.PHONY: help run start test check static bench oracle lock clean environment dev-environment

help: ## what each command does
	@echo "healthspace: make COMMAND"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1\t\2/p' $(MAKEFILE_LIST) | expand -t 12
	@echo
	@echo "Settings are environment variables (docs/environment.md), e.g.:"
	@echo "  HEALTHSPACE_PORT=8500 HEALTHSPACE_HOME=/srv/second make run    a second one beside the first"
	@echo "  HEALTHSPACE_DEMO=0 make run                                    start empty"
	@echo "  DATABASE_URL=postgresql://... make run                         your own PostgreSQL or Citus"

run: environment ## start everything: database, doors, worker; Ctrl-C ends it
	@exec $(BIN)/healthspace run

start: ## the same as run, always with the invented population
	@HEALTHSPACE_DEMO=1 exec $(MAKE) --no-print-directory run

test: dev-environment ## everything: static checks, contracts, all suites with the browser's
	@requirements/system.sh chromium=chromium bwrap=bubblewrap postfix=postfix dovecot=dovecot-imapd
	@$(MAKE) --no-print-directory static
	@$(PYTEST) tests

check: dev-environment static ## the fast part: static checks, promises and rooms
	@$(PYTEST) tests/promises tests/rooms tests/ground

static: dev-environment ## ruff, mypy (strict) and the import contracts
	@$(BIN)/ruff check healthspace tests tools bench
	@$(BIN)/ruff format --check --quiet healthspace tests tools || { echo "Some files are not formatted: $(BIN)/ruff format healthspace tests tools"; exit 1; }
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache --no-logo

bench: dev-environment ## measure on this machine; one table, and bench/latest.json
	@requirements/system.sh wrk=wrk
	@$(BIN)/python -m bench.run

oracle: dev-environment ## compare every decision with the independent reading of the law
	@$(PYTEST) tests/oracle

lock: dev-environment ## write the hashed locks anew, from releases at least a week old
	@for which in runtime dev; do \
		$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
			--no-annotate --no-header --exclude-newer $(WEEK_AGO) \
			$$( [ $$which = dev ] && echo "-c requirements/runtime.txt" ) \
			requirements/$$which.in -o requirements/$$which.txt || exit 1; \
	done
	@wc -l requirements/*.txt

clean: ## remove the Python environment and caches; the data folder stays
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find healthspace tests -name __pycache__ -prune -exec rm -rf {} +

environment:
	@requirements/install.sh runtime

dev-environment:
	@requirements/install.sh dev
	@requirements/node.sh
