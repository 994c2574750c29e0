# Each target sets up what it needs; a fresh machine needs Python 3.10-3.13, git and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# `tensorflow` for a GPU; the CPU build is half the size and has the same API.
TENSORFLOW ?= tensorflow-cpu
# Tests run in so many processes, each of up to 3 GB; the tests of one file stay in one.
WORKERS ?= 2

.PHONY: demo test lint results clean

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit("Python 3.10 to 3.13 is needed; pass PYTHON=python3.11") if not (3, 10) <= sys.version_info < (3, 14) else None'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --upgrade pip

$(VENV)/.installed: setup.py constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install -q -c constraints.txt -e '.[$(TENSORFLOW),ui]'
	touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	$(BIN)/python -m pip install -q -c constraints.txt -e '.[$(TENSORFLOW),ui,eval,onnx-export,serving,dev]'
	# The official stubs demand the full tensorflow package; the CPU build serves them as well.
	$(BIN)/python -m pip install -q -c constraints.txt --no-deps tensorflow-serving-api
	touch $@

$(VENV)/.installed-lint: constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install -q -c constraints.txt ruff
	touch $@

demo: $(VENV)/.installed
	$(BIN)/python -m vsg_tf.demo --output out/demo --overwrite

test: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile

lint: $(VENV)/.installed-lint
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

# RESULTS holds further arguments, such as '--steps 200 --vas FOLDER'.
results: $(VENV)/.installed-dev
	$(BIN)/python benchmarks/results.py $(RESULTS)

clean:
	rm -rf $(VENV) out build dist *.egg-info
