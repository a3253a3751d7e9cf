#!/usr/bin/env bash
# Load on the media server, the same with recording on, and Debian's Janus beside it when it is installed: same traffic,
# ROUNDS times in turn; and what sealing and sending alone cost here.
#   SHAPES="2x4 10x4 4x6 2x12 8x5" ROUNDS=5 SECONDS_EACH=6 KINDS="ours recording janus" scripts/bench-media.sh
# Results: target/bench/media.jsonl (every run) and target/bench/media.json (medians; ratio_to_janus, recording_costs,
# distance_to_limit per shape; rooms_per_core). On a machine that is not quiet the delays mean nothing; packets per processor
# second suffer less.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh
shapes="${SHAPES:-2x4 10x4 4x6 2x12 8x5}"
rounds="${ROUNDS:-5}"
seconds="${SECONDS_EACH:-6}"
kinds="${KINDS:-ours recording janus}"
out=target/bench
mkdir -p "$out"
cargo build --release --quiet -p lianting-media --example rehearsal
cargo build --release --quiet --manifest-path benches/media/Cargo.toml
server="$CARGO_TARGET_DIR/release/examples/rehearsal"
load="$CARGO_TARGET_DIR/release/lianting-bench-media"
# Janus gathers no loopback address, so both stand on the machine's own
address="$(hostname -I | tr ' ' '\n' | grep -m1 -E '^[0-9.]+$' || echo 127.0.0.1)"
tmp="$(mktemp -d)"
spool="$out/media-spool"
pid=
stop() { [ -z "$pid" ] || { kill "$pid" 2>/dev/null; wait "$pid" 2>/dev/null || true; pid=; }; }
trap 'stop; rm -rf "$tmp" "$spool"' EXIT

ours() { measured ours "$1" "$2"; }
# the spool is a folder of the machine's disk: what the recorder forces to it counts
recording() {
  local rc=0
  measured recording "$1" "$2" --record "$spool" || rc=$?
  rm -rf "$spool"
  return "$rc"
}

measured() {
  local kind="$1" rooms="$2" people="$3"; shift 3
  # what the run before left must not pass for this one's word
  rm -rf "$spool" "$tmp/ours"
  "$server" --ip "$address" "$@" > "$tmp/ours" 2> "$tmp/ours.err" &
  pid=$!
  for _ in $(seq 100); do [ -s "$tmp/ours" ] && break; sleep 0.1; done
  http="$(python3 -c 'import json,sys; print(json.load(open(sys.argv[1]))["http"])' "$tmp/ours")"
  loaded "$kind" "$http" "$rooms" "$people"
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
  loaded janus 127.0.0.1:18188 "$1" "$2"
}

# In this shell, not behind a pipe: what was started is stopped whatever becomes of the run.
loaded() {
  local rc=0
  BIND="$address" ROUND="$round" "$load" "$1" "$2" "$pid" "$3" "$4" "$seconds" > "$tmp/run" || rc=$?
  stop
  return "$rc"
}

: > "$out/media.jsonl"
for round in $(seq "$rounds"); do
  BIND="$address" ROUND="$round" "$load" limit 3 | tee -a "$out/media.jsonl"
  for shape in $shapes; do
    for kind in $kinds; do
      [ "$kind" != janus ] || type -P janus > /dev/null || continue
      if "$kind" "${shape%x*}" "${shape#*x}"; then
        tee -a "$out/media.jsonl" < "$tmp/run"
      else
        echo "round $round, $kind, $shape: no figure" >&2
      fi
    done
  done
done
python3 - "$out" <<'PY'
import collections, json, statistics, sys
runs = collections.defaultdict(list)
for line in open(f"{sys.argv[1]}/media.jsonl"):
    run = json.loads(line)
    runs[f"{run['rooms']}x{run['people']}", run["server"]].append(run)
keys = ["out_pps", "cpu_percent", "forwarded_per_cpu_second", "loss", "p50_ms", "p99_ms", "memory_kib", "memory_per_room_kib", "recorded_mbit_s"]
result = {}
limit = None
for (shape, server), found in runs.items():
    middle = {k: statistics.median([r[k] for r in found if r.get(k) is not None] or [0]) for k in keys}
    if server == "limit":
        limit = middle["forwarded_per_cpu_second"]
    else:
        result.setdefault(shape, {})[server] = {"runs": len(found), **middle}
rate = lambda shape, server: shape[server]["forwarded_per_cpu_second"]
def ratio(name, one, other):
    """Both sides of a ratio are of one round, and the median round counts."""
    rates = [{r["round"]: r["forwarded_per_cpu_second"] for r in runs.get((name, s), [])} for s in (one, other)]
    both = [rates[0][n] / max(rates[1][n], 1) for n in rates[0] if n in rates[1]]
    return statistics.median(both) if both else None
rooms_per_core = {}
for name, shape in result.items():
    to_janus, recorded = ratio(name, "ours", "janus"), ratio(name, "ours", "recording")
    if to_janus:
        shape["ratio_to_janus"] = round(to_janus, 2)
    if recorded:
        # the same packets for more processor time
        shape["recording_costs"] = round(recorded - 1, 3)
    if limit and "ours" in shape:
        shape["distance_to_limit"] = round(limit / max(rate(shape, "ours"), 1), 2)
    rooms, people = map(int, name.split("x"))
    if people == 5:
        for server in ("ours", "recording", "janus"):
            if server in shape:
                rooms_per_core[server] = round(rooms * 100 / max(shape[server]["cpu_percent"], 0.1), 1)
result = {"limit_per_cpu_second": limit, "rooms_of_5_per_core": rooms_per_core, "shapes": result}
json.dump(result, open(f"{sys.argv[1]}/media.json", "w"), indent=1)
print(json.dumps(result, indent=1))
PY
