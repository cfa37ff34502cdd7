# Two commands are enough on a bare machine: `make demo` and `make test`. Each sets up what it needs, once.
PYTHON ?= python3
VENV := .venv
READY := $(VENV)/.ready
BIN := $(VENV)/bin

.PHONY: demo test lint types check setup programs benchmarks docs lock clean

demo: setup programs
	@$(BIN)/nianbao demo

test: setup programs
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder

setup: $(READY)

$(READY): pyproject.toml constraints.txt
	@echo "Setting up the virtual environment in $(VENV) (once) …"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

programs:
	@sh scripts/ensure-programs

benchmarks: setup programs
	@for script in benchmarks/[a-z]*.py; do $(BIN)/python $$script || exit 1; done

# Write constraints.txt anew from what is installed: names and versions only.
lock: setup
	@$(BIN)/python -m pip freeze --exclude-editable --disable-pip-version-check | sort -f > constraints.txt

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
