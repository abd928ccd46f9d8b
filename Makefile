# Two commands: `make run` and `make test`. Each sets up what it needs inside this folder.
PYTHON ?= python3
export PORT ?= 8000
export DATA_DIR ?= $(CURDIR)/data

.PHONY: run test bench check lock clean

run:
	@$(PYTHON) src/minamo/site/installation.py
	@exec .venv/bin/minamo run

test:
	@$(PYTHON) src/minamo/site/installation.py --dev
	@exec .venv/bin/python -m tests.run $(ARGS)

bench:
	@$(PYTHON) src/minamo/site/installation.py --dev
	@exec .venv/bin/python -m bench $(ARGS)

check:
	@$(PYTHON) src/minamo/site/installation.py --dev
	@exec .venv/bin/python -m tests.check

lock:
	@exec sh tools/lock.sh

clean:
	rm -rf .venv node_modules src/minamo/kernel/ui/static/dist data
