# Each target sets up what it needs; a fresh machine needs Python 3.10-3.13, git and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# `tensorflow` for a GPU; the CPU build is half the size and has the same API.
TENSORFLOW ?= tensorflow-cpu
# Tests run in so many processes, each of up to 3 GB; the tests of one file stay in one.
WORKERS ?= 2

.PHONY: demo test test-beam lint results recordings train-default default-graphs vas paper clean

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit("Python 3.10 to 3.13 is needed; pass PYTHON=python3.11") if not (3, 10) <= sys.version_info < (3, 14) else None'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --upgrade pip

# What makes sound: no TensorFlow.
$(VENV)/.installed-base: setup.py constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install -q -c constraints.txt -e .
	touch $@

# What trains, too.
$(VENV)/.installed: setup.py constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install -q -c constraints.txt -e '.[$(TENSORFLOW)]'
	touch $@ $(VENV)/.installed-base

$(VENV)/.installed-dev: $(VENV)/.installed
	$(BIN)/python -m pip install -q -c constraints.txt -e '.[$(TENSORFLOW),eval,hand-over,onnx-export,features,serving,studio,dev]'
	# The official stubs demand the full tensorflow package; the CPU build serves them as well.
	$(BIN)/python -m pip install -q -c constraints.txt --no-deps tensorflow-serving-api
	# KerasHub demands it too, for tokenizers of texts; encoders of pictures need none.
	$(BIN)/python -m pip install -q -c constraints.txt --no-deps 'keras-hub; python_version >= "3.11"' \
	  kagglehub kagglesdk regex sentencepiece tokenizers tqdm
	touch $@

$(VENV)/.installed-lint: constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install -q -c constraints.txt ruff
	touch $@

demo: $(VENV)/.installed-base
	$(BIN)/python -m vsg_tf.demo --output out/demo --overwrite

test: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile

# Apache Beam holds protobuf, Pillow and python-dateutil back, so it has an environment of its own.
$(VENV)-beam/.installed: setup.py constraints-beam.txt
	$(PYTHON) -m venv $(VENV)-beam
	$(VENV)-beam/bin/python -m pip install -q --upgrade pip
	$(VENV)-beam/bin/python -m pip install -q --prefer-binary -c constraints-beam.txt -e '.[$(TENSORFLOW),beam]' pytest
	touch $@

test-beam: $(VENV)-beam/.installed
	$(VENV)-beam/bin/python -m pytest tests/data/test_beam.py tests/inference/test_beam_jobs.py

lint: $(VENV)/.installed-lint
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

# RESULTS holds further arguments, such as '--steps 200 --vas FOLDER'.
results: $(VENV)/.installed-dev
	$(BIN)/python benchmarks/results.py $(RESULTS)

# The model that ships, from recordings to saved_models/default's files in $(DEFAULT)/model. The same
# command goes on where it was stopped. Its card says how long it takes and what it should score.
#   make train-default ESC10=FOLDER EFFECTS=FOLDER
# A rehearsal of it in a few minutes, or other seeds:
#   make train-default ... CORPUS='--count 60 --valid-count 24 --seed 2' SETTINGS='--steps 200'
DEFAULT ?= out/default
CORPUS ?= --count 3500 --valid-count 256 --seed 1
EVENTS := dog_bark baby_cry person_sneeze rooster clock_tick fire_crackling
AMBIENCES := rain sea_waves helicopter chainsaw
HELD_OUT := --valid-match '(^|/)4-' --valid-fraction 0.1
resumed = $(if $(wildcard $(DEFAULT)/$(1)/config.yaml),--resume)

recordings:
	@test -d '$(ESC10)' -a -d '$(EFFECTS)' || { echo 'Name the recordings: make train-default ESC10=FOLDER EFFECTS=FOLDER' >&2; exit 2; }

train-default: recordings $(VENV)/.installed
	$(BIN)/vsg prepare synthetic --config configs/default.yaml --out $(DEFAULT)/data \
	  $(EVENTS:%=--events '$(ESC10)/%') --events '$(EFFECTS)' $(AMBIENCES:%=--background '$(ESC10)/%') \
	  $(CORPUS) $(HELD_OUT)
	$(BIN)/vsg train --config configs/default.yaml --data $(DEFAULT)/data --out $(DEFAULT)/generator \
	  $(SETTINGS) $(call resumed,generator)
	$(BIN)/vsg prepare audio '$(ESC10)' '$(EFFECTS)' --config configs/vocoder.yaml \
	  --out $(DEFAULT)/sounds $(HELD_OUT)
	$(BIN)/vsg train --config configs/vocoder.yaml --data $(DEFAULT)/sounds --out $(DEFAULT)/vocoder \
	  $(SETTINGS) $(call resumed,vocoder)
	rm -rf $(DEFAULT)/model && cp -r $(DEFAULT)/generator/model $(DEFAULT)/model
	cp $(DEFAULT)/vocoder/model/vocoder.* $(DEFAULT)/model

# The graphs that the shipped model runs from, made of the weights beside them.
default-graphs: $(VENV)/.installed-dev
	$(BIN)/vsg export --format onnx --beside --model saved_models/default

# The paper's model, from VAS to its tables in $(PAPER)/paper.md; the same command goes on where it was
# stopped. docs/paper_run.md says what VAS must hold and how long it takes.
#   make paper VAS=FOLDER [CATEGORIES='dog drum'] [FROM_VIDEOS=1] [TENSORFLOW=tensorflow]
PAPER ?= out/paper
VAS_TRAIN ?= $(VAS)/vas_train.txt
VAS_VALID ?= $(VAS)/vas_valid.txt
PAPER_SYSTEMS ?= --model sampler
PAPER_CLIPS ?= 64

vas:
	@test -d '$(VAS)' || { echo 'Name the folder of VAS: make paper VAS=FOLDER' >&2; exit 2; }

paper: vas $(VENV)/.installed-dev
	$(BIN)/vsg prepare vas '$(VAS)' --config configs/paper.yaml --out $(PAPER)/data $(SETTINGS) \
	  --train-list '$(VAS_TRAIN)' --valid-list '$(VAS_VALID)' \
	  $(CATEGORIES:%=--category %) $(if $(FROM_VIDEOS),--from-videos)
	$(BIN)/vsg train --config configs/paper.yaml --data $(PAPER)/data --out $(PAPER)/run $(SETTINGS) \
	  $(if $(wildcard $(PAPER)/run/config.yaml),--resume)
	$(BIN)/vsg evaluate protocol --data '$(VAS)/videos' --list '$(VAS_VALID)' --out $(PAPER)/pairs.csv \
	  $(CATEGORIES:%=--category %) \
	  $(if $(FROM_VIDEOS),,--features '$(VAS)/features') --overwrite
	$(BIN)/vsg evaluate --model VarietySound=$(PAPER)/run/model@griffin-lim $(PAPER_SYSTEMS) \
	  --data $(PAPER)/pairs.csv --out $(PAPER)/evaluation --overwrite
	$(BIN)/vsg evaluate ablations --model $(PAPER)/run/model --data $(PAPER)/data \
	  --out $(PAPER)/ablations --clips $(PAPER_CLIPS) --overwrite
	$(BIN)/vsg evaluate mos-kit --results $(PAPER)/evaluation --data $(PAPER)/pairs.csv \
	  --out $(PAPER)/listening.html --overwrite
	$(BIN)/vsg evaluate paper --results $(PAPER)/evaluation --ablations $(PAPER)/ablations \
	  --out $(PAPER)/paper.md --overwrite

clean:
	rm -rf $(VENV) $(VENV)-beam out build dist *.egg-info
