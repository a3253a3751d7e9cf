#!/usr/bin/env bash
# Pictures of every page into web/screens: of the demo that runs on DATA_DIR, else of one started for it.
# Arguments go to web/scripts/screens.mjs (--only home,case --lang en --large --axe --width 320).
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh
people="${DATA_DIR:-var}/demo.json"
base="$([ -f "$people" ] && python3 -c 'import json,sys; print(json.load(open(sys.argv[1]))["base_url"])' "$people" || true)"
if [ -z "$base" ] || ! curl -sf "$base/readyz" > /dev/null; then
  data="$(mktemp -d "${TMPDIR:-/tmp}/lianting-screens.XXXXXX")"
  chmod 755 "$data"
  port="$(python3 -c 'import socket; s=socket.socket(); s.bind(("127.0.0.1",0)); print(s.getsockname()[1])')"
  LIANTING_SIGN_IN_PER_MINUTE=0 LIANTING_RATE_PER_ADDRESS=0 LIANTING_RATE_PER_PERSON=0 \
    "$CARGO_TARGET_DIR/debug/lianting" demo --port "$port" --data-dir "$data/var" > "$data/demo.log" 2>&1 &
  demo=$!
  stop() { kill -TERM "$demo" 2>/dev/null || true; wait "$demo" 2>/dev/null || true; rm -rf "$data"; }
  trap stop EXIT
  people="$data/var/demo.json"
  for _ in $(seq 1 600); do
    [ -f "$people" ] && curl -sf "http://127.0.0.1:$port/readyz" > /dev/null && break
    kill -0 "$demo" 2>/dev/null || { cat "$data/demo.log"; echo "the demo did not start" >&2; exit 1; }
    sleep 0.2
  done
fi
node web/scripts/screens.mjs --people "$people" "$@"
