#!/usr/bin/env bash
# What must hold while the worker is killed. Parts may be named: prove.sh services doubles money
# Without a word it is a small run of minutes; FULL=1 is the whole (10,000 services and 100 kills, 10,000 double
# submissions, payments and refunds on 100 cases), each figure of which PROVE_N, PROVE_KILLS, PROVE_DOUBLES, PROVE_CASES change.
# It runs what a court runs, the release build; PROVE_PROFILE=debug spares building it.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh
if [ "${FULL:-0}" = 1 ]; then
  export PROVE_N="${PROVE_N:-10000}" PROVE_KILLS="${PROVE_KILLS:-100}" PROVE_DOUBLES="${PROVE_DOUBLES:-10000}" PROVE_CASES="${PROVE_CASES:-100}"
fi
case "${PROVE_PROFILE:-release}" in
  release) flags=(--release) ;;
  debug) flags=() ;;
  *) echo "PROVE_PROFILE is release or debug" >&2; exit 2 ;;
esac
cargo build --workspace "${flags[@]}"
exec cargo test --workspace "${flags[@]}" --test prove -- "$@"
