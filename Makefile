# make run: everything from a fresh clone to the running bot. make help lists the rest.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help run setup test eval soak lint lock clean

# Paths stay relative: the folder's own path may hold spaces.
PY := .venv/bin/python
SETUP = python=$$(scripts/find-python) && "$$python" scripts/setup.py

help: ## this list
	@sed -n 's/^\([a-z]*\): .*## \(.*\)/  make \1\t\2/p' Makefile

run: setup ## set up everything, then start the bot at http://127.0.0.1:8000
	@exec .venv/bin/lianluo run $(ARGS)

setup: ## both Python environments and the trained model
	@$(SETUP) bot rasa model

test: ## set up what the tests need and run the whole suite
	@$(SETUP) dev rasa system gateway
	@$(MAKE) --no-print-directory lint
	@$(SETUP) model
	$(PY) -m pytest -ra --durations=10 -n 2 --dist loadfile $(ARGS)

eval: setup ## how well messages are understood, beside stock Rasa and a keyword list (docs/evaluation.md)
	$(PY) -m nlu.evaluation $(ARGS)

soak: setup ## days of random chat with restarts, and kills at hundreds of steps, against the real application
	$(PY) scripts/soak.py $(ARGS)

lint: ## ruff and mypy
	@$(SETUP) dev
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy

lock: ## write the locks anew from pyproject.toml
	@$(SETUP) lock

clean: ## remove what was made (the database in var/ stays)
	rm -rf .venv .venv-rasa .tools models var/log var/rasa-cache .pytest_cache .mypy_cache .ruff_cache .hypothesis .rasa
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
