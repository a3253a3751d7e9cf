#!/usr/bin/env bash
# What must hold while the worker is killed. Parts may be named: prove.sh services doubles money
# PROVE_N=10000 PROVE_KILLS=100 PROVE_DOUBLES=10000 is the whole; without them a small run of minutes.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh
cargo build --workspace
exec cargo test --workspace --test prove -- "$@"
