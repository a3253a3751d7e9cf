#!/usr/bin/env bash
# Starts a demo on a free port with fresh data, tells the browser stories to it, fuzzes its API by its own
# document, and stops it.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh
data="$(mktemp -d "${TMPDIR:-/tmp}/lianting-browser.XXXXXX")"
chmod 755 "$data"
port="$(python3 -c 'import socket; s=socket.socket(); s.bind(("127.0.0.1",0)); print(s.getsockname()[1])')"
log="$data/demo.log"
LIANTING_SIGN_IN_PER_MINUTE=0 LIANTING_RATE_PER_ADDRESS=0 LIANTING_RATE_PER_PERSON=0 "$CARGO_TARGET_DIR/debug/lianting" demo --port "$port" --data-dir "$data/var" > "$log" 2>&1 &
demo=$!
stop() { kill -TERM "$demo" 2>/dev/null || true; wait "$demo" 2>/dev/null || true; rm -rf "$data"; }
trap stop EXIT
for _ in $(seq 1 600); do
  [ -f "$data/var/demo.json" ] && curl -sf "http://127.0.0.1:$port/readyz" > /dev/null && break
  kill -0 "$demo" 2>/dev/null || { cat "$log"; echo "the demo did not start" >&2; exit 1; }
  sleep 0.2
done
LIANTING_BIN="$CARGO_TARGET_DIR/debug/lianting" node tests/e2e/run.mjs --base "http://127.0.0.1:$port" --people "$data/var/demo.json" ${ONLY:+--only "$ONLY"}
[ -n "${ONLY:-}" ] || tests/fuzz/run.sh "http://127.0.0.1:$port" "$data/var/demo.json"
if grep -E '"?(panicked|ERROR)' "$log" | head -5 | grep .; then echo "the server logged an error (above)" >&2; exit 1; fi
