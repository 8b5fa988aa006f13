# Two commands do everything on a fresh machine: `make demo` and `make test`.
#   make demo                        distil students from 2,000 triples and report on them
#   make demo RJDB=path/to/rows.jsonl   and evaluate them on RJDB's rows as well
#   make student                     the encoder that a release carries: half an hour, 15 MB
PYTHON ?= python3
OUT ?= runs/demo
ARGS ?=
INSTALL = -m pip install --quiet --disable-pip-version-check -c constraints.txt

.PHONY: demo student test lint clean

demo: .venv/.installed
	.venv/bin/hrdistill run --out $(OUT) $(if $(RJDB),--on 'rjdb:$(RJDB)') $(ARGS)

student: .venv/.installed
	.venv/bin/hrdistill generate -n 2000 --workers 2 --out runs/student/triples
	.venv/bin/hrdistill train runs/student/triples --minutes 30 --out runs/student/encoder

test: .venv-test/.installed
	.venv-test/bin/python -m pytest -m "not slow"

lint: .venv-test/.installed
	.venv-test/bin/ruff check .
	.venv-test/bin/ruff format --check .
	.venv-test/bin/mypy
	.venv-test/bin/lint-imports

.venv/.installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	.venv/bin/python $(INSTALL) -e '.[encoder,graph,llm,ray]'
	touch $@

.venv-test/.installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv-test
	.venv-test/bin/python $(INSTALL) 'pip>=25.1'
	.venv-test/bin/python $(INSTALL) -e '.[encoder,graph,llm,ray]' --group dev
	touch $@

clean:
	rm -rf .venv .venv-test runs
