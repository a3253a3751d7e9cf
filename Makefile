# The front door. `make help` lists what there is.
SHELL := /bin/bash
CACHE ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/lianting
# One target folder for everything, outside the checkout: a second clone builds in seconds.
export CARGO_TARGET_DIR ?= $(CACHE)/target
BIN := $(CARGO_TARGET_DIR)/debug
PORT ?= 8080
DATA_DIR ?= var
PROVINCE ?= shandong
FRESH ?= 0

.PHONY: api bench bench-media browser code help demo prove prove-media screens test web rows setup setup-test check build clean

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/ —/' | sort

setup: ## install what the demo needs and is missing
	@scripts/setup.sh demo

setup-test: ## install what the tests need and is missing
	@scripts/setup.sh test

web: ## build the pages, when something under web/ changed
	@scripts/web.sh

build: ## build the three programs
	@echo "== building lianting, lianting-paper, lianting-sim (the first time takes minutes)"
	@. scripts/env.sh && cargo build --workspace

demo: setup web build ## everything on embedded defaults at http://127.0.0.1:8080 (PORT=, DATA_DIR=, PROVINCE=, FRESH=1)
	@. scripts/env.sh && exec $(BIN)/lianting demo --port $(PORT) --data-dir $(DATA_DIR) --province $(PROVINCE) $(if $(filter 1,$(FRESH)),--fresh)

code: ## the present authenticator code of a sample person of the demo (MOBILE=13800000003)
	@$(BIN)/lianting demo --data-dir $(DATA_DIR) --code $(MOBILE)

test: setup-test ## everything that must hold: rules, HTTP stories, guardians, pages
	@scripts/test.sh

browser: setup-test web build ## only the browser stories and the API fuzzing, on a fresh demo (ONLY=hearing: the courtroom in four windows, alone)
	@scripts/browser.sh

screens: setup-test web build ## pictures of every page into web/screens, of the running demo or of one of its own (ARGS="--lang en --axe")
	@DATA_DIR=$(DATA_DIR) scripts/screens.sh $(ARGS)

bench: setup web ## figures beside their peers, in release builds (PARTS="decision filings …", ROUNDS=5); results in target/bench
	@scripts/bench.sh $(PARTS)

prove: setup-test ## what must hold while the worker is killed (FULL=1 is the whole; PROVE_N=…, PARTS="services doubles money"); results in target/prove
	@scripts/prove.sh $(PARTS)

prove-media: setup-test ## what a hearing's recording survives (MEDIA_KILLS=20 MEDIA_STORE_SECONDS=300, PARTS="kills storage clock cut drain"); results in target/prove
	@scripts/prove-media.sh $(PARTS)

bench-media: setup-test ## load on the media server beside Debian's Janus (SHAPES="2x4 2x12", ROUNDS=5); results in target/bench
	@scripts/bench-media.sh

check: ## format, lints and types, nothing run
	@scripts/test.sh check

api: build ## refresh the API snapshot and the generated types
	@$(BIN)/lianting openapi | python3 -m json.tool --no-ensure-ascii > web/src/api/openapi.json && cd web && npm run --silent api

rows: ## which requirement is proved by which test
	@python3 scripts/rows.py

clean: ## remove what this checkout made (not the cache)
	@rm -rf var target web/dist web/screens
