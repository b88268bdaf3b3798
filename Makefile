# Everything a newcomer needs. The work is done in scripts/, in Python; `make` only finds a Python to start with.

PYTHON := $(shell for name in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && command -v "$$name" && break; done)
VENV := .venv/bin/python

.PHONY: demo code test check bench kills histories lock setup help

help:
	@echo "make demo   the portal with its demo region, on http://localhost:8000 (PORT=8123 make demo: elsewhere)"
	@echo "make code   the six digits with which the people of the demo log in now"
	@echo "make test   every test, journeys in a browser included"
	@echo "make check  linters, contracts, migrations, production settings"
	@echo "make bench  measure the main pages against their floor (benchmarks/README.md)"
	@echo "make kills  kill -9 of everything while 2,000 referrals are sent: none lost, none doubled (benchmarks/README.md)"
	@echo "make histories   10,000 random histories, every promise asked after every step (COUNT=300: fewer)"
	@echo "make lock   recompile the locked requirements from pyproject.toml"

setup:
	@$(if $(PYTHON),,echo "Python 3.11 or newer is needed: install it from python.org or your package manager."; exit 1;) \
	$(PYTHON) -m scripts.set_up

demo: setup
	@$(VENV) -m scripts.demo

code: setup
	@MANTELZORG_ENV=demo $(VENV) manage.py demo_code

test: setup
	@$(VENV) -m scripts.run_tests

check: setup
	@$(VENV) -m scripts.check

bench: setup
	@$(VENV) -m benchmarks

kills: setup
	@$(VENV) -m benchmarks.kills $(ARGS)

histories: setup
	@HISTORIES=$(or $(COUNT),10000) $(VENV) -m pytest tests/referrals/histories/test_histories.py -q -n auto --dist=load

lock: setup
	@$(VENV) -m scripts.lock
