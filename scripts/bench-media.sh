#!/usr/bin/env bash
# Load on the media server, and on Debian's Janus beside it when it is installed: same traffic, ROUNDS times in turn.
#   SHAPES="2x4 10x4 4x6 2x12" ROUNDS=5 SECONDS_EACH=20 scripts/bench-media.sh
# Results: target/bench/media.jsonl (every run) and target/bench/media.json (medians, ratio_to_janus). On a machine that
# is not quiet the delays mean nothing; packets per processor second suffer less.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh
shapes="${SHAPES:-2x4 10x4 4x6 2x12}"
rounds="${ROUNDS:-5}"
seconds="${SECONDS_EACH:-20}"
out=target/bench
mkdir -p "$out"
cargo build --release --quiet -p lianting-media --example rehearsal
cargo build --release --quiet --manifest-path benches/media/Cargo.toml
server="$CARGO_TARGET_DIR/release/examples/rehearsal"
load="$CARGO_TARGET_DIR/release/lianting-bench-media"
# Janus gathers no loopback address, so both stand on the machine's own
address="$(hostname -I | tr ' ' '\n' | grep -m1 -E '^[0-9.]+$' || echo 127.0.0.1)"
tmp="$(mktemp -d)"
pid=
stop() { [ -z "$pid" ] || { kill "$pid" 2>/dev/null; wait "$pid" 2>/dev/null || true; pid=; }; }
trap 'stop; rm -rf "$tmp"' EXIT

ours() {
  "$server" --ip "$address" > "$tmp/ours" 2> "$tmp/ours.err" &
  pid=$!
  for _ in $(seq 100); do [ -s "$tmp/ours" ] && break; sleep 0.1; done
  http="$(python3 -c 'import json,sys; print(json.load(open(sys.argv[1]))["http"])' "$tmp/ours")"
  BIND="$address" "$load" ours "$http" "$pid" "$1" "$2" "$seconds"
  stop
}

janus() {
  mkdir -p "$tmp/janus"
  cat > "$tmp/janus/janus.jcfg" <<CFG
general: { configs_folder = "$tmp/janus" debug_level = 2 session_timeout = 0 }
nat: { ice_lite = true ice_enforce_list = "$address" }
media: { rtp_port_range = "20000-29999" }
plugins: { disable = "libjanus_audiobridge.so,libjanus_echotest.so,libjanus_nosip.so,libjanus_recordplay.so,libjanus_sip.so,libjanus_streaming.so,libjanus_textroom.so,libjanus_videocall.so,libjanus_voicemail.so,libjanus_lua.so,libjanus_duktape.so" }
transports: { disable = "libjanus_http.so,libjanus_mqtt.so,libjanus_nanomsg.so,libjanus_pfunix.so,libjanus_rabbitmq.so" }
CFG
  printf 'general: { ws = true ws_port = 18188 ws_ip = "127.0.0.1" wss = false }\n' > "$tmp/janus/janus.transport.websockets.jcfg"
  printf 'general: { }\n' > "$tmp/janus/janus.plugin.videoroom.jcfg"
  "$(type -P janus)" -C "$tmp/janus/janus.jcfg" -F "$tmp/janus" > "$tmp/janus.log" 2>&1 &
  pid=$!
  for _ in $(seq 100); do (exec 3<> /dev/tcp/127.0.0.1/18188) 2>/dev/null && break; sleep 0.1; done
  BIND="$address" "$load" janus 127.0.0.1:18188 "$pid" "$1" "$2" "$seconds"
  stop
}

: > "$out/media.jsonl"
for round in $(seq "$rounds"); do
  for shape in $shapes; do
    for kind in ours janus; do
      [ "$kind" = ours ] || type -P janus > /dev/null || continue
      "$kind" "${shape%x*}" "${shape#*x}" | tee -a "$out/media.jsonl" || echo "round $round, $kind, $shape: no figure" >&2
      stop
    done
  done
done
python3 - "$out" <<'PY'
import collections, json, statistics, sys
runs = collections.defaultdict(list)
for line in open(f"{sys.argv[1]}/media.jsonl"):
    run = json.loads(line)
    runs[f"{run['rooms']}x{run['people']}", run["server"]].append(run)
keys = ["out_pps", "cpu_percent", "forwarded_per_cpu_second", "loss", "p50_ms", "p99_ms", "memory_kib", "memory_per_room_kib"]
result = {}
for (shape, server), found in runs.items():
    middle = {k: statistics.median([r[k] for r in found if r[k] is not None] or [0]) for k in keys}
    result.setdefault(shape, {})[server] = {"runs": len(found), **middle}
for shape in result.values():
    if "janus" in shape and "ours" in shape:
        shape["ratio_to_janus"] = round(shape["ours"]["forwarded_per_cpu_second"] / max(shape["janus"]["forwarded_per_cpu_second"], 1), 2)
json.dump(result, open(f"{sys.argv[1]}/media.json", "w"), indent=1)
print(json.dumps(result, indent=1))
PY
