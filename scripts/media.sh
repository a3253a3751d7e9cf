#!/usr/bin/env bash
# Media rehearsals: real browsers and an independent stack against the media server. Arguments go to the runner.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh
cargo build --quiet -p lianting-media --example rehearsal
exec node tests/media/run.mjs "$@"
