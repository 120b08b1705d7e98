# 校防 Xiaofang. `make help` lists what can be done here; each target is a line of shell or a script in .ci/.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup run serve test soak bench pictures shell messages migrations lint fonts

help: ## List the targets, a line each
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## Install what the product needs: system packages, fonts, .venv, requirements (make run does it too)
	@.ci/set-up run

run: ## Start the demo on http://127.0.0.1:8000, with everything it needs the first time (PORT=… for another port)
	@.ci/set-up run
	@exec .ci/start demo

serve: ## Start for production; refuses to start without its settings or on a demo database
	@.ci/set-up run
	@exec .ci/start production

test: ## Check style, types, imports, templates and translations, then run every test on SQLite and PostgreSQL
	@.ci/set-up test
	@exec .ci/test

soak: ## The long fault and load runs at full count
	@.ci/set-up test
	@.ci/packages soak
	@exec .venv/bin/python -m pytest -m soak

bench: ## Measure pages, papers and imports; prints a table and writes var/bench/<name>.json
	@.ci/set-up test
	@exec .venv/bin/python -m tests.bench

pictures: ## Draw every page at four sizes in both languages into var/pictures
	@.ci/set-up test
	@exec .venv/bin/python -m tests.pictures

shell: ## A shell in which `flask …` is this product's command line (flask --help lists the commands)
	@.ci/set-up run
	@PATH="$(CURDIR)/.venv/bin:$$PATH" FLASK_APP=app exec bash

messages: ## Collect the texts of the pages into app/translations (then fill in the English)
	@.ci/set-up test
	@exec .ci/messages

migrations: ## Write the migration for changed models: make migrations m="add order extension"
	@.ci/set-up test
	@exec .ci/migration "$(m)"

lint: ## Only the checks that need no database: style, types, imports, templates, translations
	@.ci/set-up test
	@exec .ci/test static

fonts: ## Try again to get the FangSong face for official papers
	@.ci/set-up run
	@exec .ci/fonts again
