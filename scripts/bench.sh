#!/usr/bin/env bash
# Builds the release server and the benchmark, and runs it. Parts may be named: bench.sh decision filings
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh
echo "== building the release server (the first time takes many minutes)"
cargo build --release -p lianting -p lianting-paper -p lianting-sim
echo "== building the benchmark and its peer"
(cd benches && cargo build --release)
exec "$CARGO_TARGET_DIR/release/lianting-bench" "$@"
