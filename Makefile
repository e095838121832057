# The front door. `make run` and `make test` need nothing but this tree on Debian 12; both are quick the second time.
SHELL := /bin/bash
.DEFAULT_GOAL := help

# Caches need a home that can be written; compiler-cache keys must not depend on where the tree lies.
ifneq ($(shell test -n "$$HOME" && test -w "$$HOME" && echo yes),yes)
export HOME := $(CURDIR)/build/home
endif
export CCACHE_BASEDIR ?= $(CURDIR)
export CCACHE_NOHASHDIR ?= 1

# What `make run` gives to `orrery serve`, for example ARGS="--port 8080 --no-browser".
ARGS ?=

.PHONY: help
help: ## say what there is
	@echo "Orrery: make TARGET"
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' $(firstword $(MAKEFILE_LIST)) | awk -F'|' '{printf "%-14s %s\n", $$1, $$2}'

.PHONY: setup
setup: ## install what is missing (apt, npm, pip); root or sudo
	@tools/setup

.PHONY: build
build: setup ## build engine, command line, WebAssembly module and page
	@tools/build

.PHONY: run
run: build ## open the bench on the embedded light curve
	@exec build/release/apps/orrery/orrery serve --figure bench.light_curve $(ARGS)

.PHONY: test
test: setup ## build and run every test, sanitizers and fuzzers last
	@tools/run_tests $(STAGES)

.PHONY: asan
asan: setup ## the C++ tests under address and undefined-behaviour sanitizers
	@tools/run_tests asan

.PHONY: fuzz
fuzz: setup ## each fuzz target for SECONDS_EACH=60 from a new seed
	@ORRERY_FUZZ_SEED=$(or $(SEED),0) tools/run_tests fuzz --fuzz-seconds $(or $(SECONDS_EACH),60)

.PHONY: bench
bench: build ## compare with the peers and measure the page; writes bench/RESULTS.md and bench/LIVE.md
	@bench/run
	@node tests/e2e/measure.mjs

.PHONY: wheel
wheel: setup ## build the Python wheel into dist/
	@.venv/bin/python -m pip wheel --no-deps --wheel-dir dist .

.PHONY: clean
clean: ## remove what was built (not node_modules/ and .venv/)
	@rm -rf build/release build/dev build/asan build/tsan build/fuzz build/wasm build/bench build/test build/install web/dist dist
