#!/usr/bin/env bash
# What the recording of a hearing survives. Parts may be named: prove-media.sh kills storage clock cut drain
# MEDIA_KILLS=20 MEDIA_STORE_SECONDS=300 is the whole; without them a run of minutes. `storage` mounts a small disk where it may.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh
type -P ffmpeg > /dev/null || { echo "ffmpeg is missing (Debian package ffmpeg)" >&2; exit 1; }
cargo build --workspace
exec cargo test --workspace --test prove-media -- "$@"
