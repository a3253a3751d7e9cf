#!/usr/bin/env bash
# Shows sealed papers to foreign verifiers: pyHanko, pdfsig, OpenSSL. Needs the three programs built.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh
command -v pdfsig >/dev/null 2>&1 || { echo "missing: pdfsig. Install Debian's package poppler-utils." >&2; exit 1; }
venv="$cache/tools/seal-venv"
if ! "$venv/bin/python" -c 'import pyhanko' 2>/dev/null; then
  echo "== installing pyHanko (PyPI)"
  python3 -m venv "$venv" && "$venv/bin/pip" install --quiet "pyHanko==0.38.0"
fi
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
"$venv/bin/python" tests/foreign/seals.py "$CARGO_TARGET_DIR/debug" "$work"
