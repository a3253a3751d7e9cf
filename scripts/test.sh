#!/usr/bin/env bash
# Everything that must hold. `test.sh check` stops after format, lints and types.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh
only="${1:-all}"
step() { printf '\n== %s (%s)\n' "$1" "$(date +%H:%M:%S)"; }

step "format"
cargo fmt --all --check
step "pages: build, so that the program can embed them"
scripts/web.sh
step "pages: types"
(cd web && npm run --silent check)
step "lints"
cargo clippy --workspace --all-targets --quiet -- -D warnings
[ "$only" = check ] && exit 0

step "programs"
cargo build --workspace --quiet
step "API document and generated types are fresh"
"$CARGO_TARGET_DIR/debug/lianting" openapi | python3 -m json.tool --no-ensure-ascii > "$CARGO_TARGET_DIR/openapi.json"
python3 - "$CARGO_TARGET_DIR/openapi.json" web/src/api/openapi.json <<'PY'
import json, sys
now, kept = (json.load(open(p)) for p in sys.argv[1:3])
for document in (now, kept):
    document.pop("servers", None)
if now != kept:
    sys.exit("web/src/api/openapi.json is stale: run `make api` and commit the difference")
PY
step "tenant files"
for province in shandong henan guangdong; do "$CARGO_TARGET_DIR/debug/lianting" court check "tenants/$province"; done
step "paper templates"
"$CARGO_TARGET_DIR/debug/lianting-paper" --check > /dev/null
step "sealed papers before foreign verifiers"
scripts/seals.sh
step "rules, HTTP stories, guardians"
cargo test --workspace --quiet
step "pages: units"
(cd web && npm test --silent)
step "browser stories and API fuzzing on a fresh demo"
scripts/browser.sh
step "media: browsers, a foreign stack and a relay in one room"
scripts/media.sh
step "requirements"
python3 scripts/rows.py --check
echo
echo "everything passed"
