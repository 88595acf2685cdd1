# make book | test | serve | lint | lock | clean
PYTHON ?= python3
BIN := .venv/bin
PORT ?= 8000
export OPENBLAS_NUM_THREADS := 1
export TQDM_DISABLE := 1

.PHONY: book test serve lint lock clean

book: .venv/.installed
	$(BIN)/jupyter-book build --all -W -n --keep-going .
	@echo "Open file://$(CURDIR)/_build/html/index.html or run: make serve"

test: book
	$(BIN)/pytest -n 2

serve: book
	@echo "Open http://127.0.0.1:$(PORT)/ (Ctrl-C ends)"
	$(BIN)/python -m http.server --bind 127.0.0.1 --directory _build/html $(PORT)

lint: .venv/.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

.venv/.installed: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "This book needs Python 3.11 or newer: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --disable-pip-version-check -r requirements.txt
	@touch $@

# Newest versions that pyproject.toml allows, resolved in an empty environment.
lock:
	$(PYTHON) -m venv --clear .venv-lock
	.venv-lock/bin/python -m pip install --upgrade --upgrade-strategy eager -e '.[book,test]'
	{ sed -n '/^#/p' requirements.txt; echo '-e .'; \
	  .venv-lock/bin/python -m pip freeze --all --exclude pip --exclude-editable; } > requirements.txt.new
	mv requirements.txt.new requirements.txt
	rm -rf .venv-lock

clean:
	rm -rf _build .venv
