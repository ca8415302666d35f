# Each target is a script of ops/, which can be run by itself too. The programs it needs are installed first.
.DEFAULT_GOAL := help
.PHONY: help run demo test lint check messages lock pictures faults clean

help: ## list what make can do
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

run: ## set everything up, do the main job once, then serve the site on 127.0.0.1:8000 (PORT=8001 moves it) until Ctrl-C
	@ops/run

demo: ## set everything up and do the main job once, printing each step: from articles to mails with the official PDF
	@ops/setup && ops/prepare && ops/demo

test: ## run the whole suite on SQLite, and on PostgreSQL with Redis, on servers of its own (ARGS="-k name" chooses)
	@ops/setup tests && ops/prepare static && exec .venv/bin/python -m tests.run $(ARGS)

lint: ## check the code and the order of its imports (ruff), its types (mypy), the scripts (Biome), the templates (djlint)
	@ops/venv requirements-dev.txt && ops/node && ops/lint

check: ## all that must hold besides the tests: lint, migrations, production settings, the catalogue
	@ops/setup tests && ops/check

messages: ## bring the Chinese catalogue up to date with the code
	@ops/venv requirements-dev.txt && ops/messages

lock: ## write requirements*.txt and package-lock.json anew (ARGS=--upgrade takes newer versions)
	@ops/venv requirements-dev.txt && ops/lock $(ARGS)

pictures: ## make the pictures of the README anew
	@ops/setup tests && ops/prepare && ops/pictures

faults: ## mail to 3,000 readers while workers are killed, the database crashes, the disk fills … (ARGS="--only kill --readers 300")
	@ops/setup tests && exec .venv/bin/python benchmarks/faults.py $(ARGS)

clean: ## remove what was installed or built into this folder, but not var/, which holds the data
	rm -rf .venv node_modules .pytest_cache .ruff_cache .hypothesis locale/*/LC_MESSAGES/*.mo
