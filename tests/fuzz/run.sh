#!/usr/bin/env bash
# Fuzzes a running server by its own document: no answer of 5xx, none the document does not name.
# usage: run.sh BASE_URL DEMO_JSON   (fixed seed, bounded number of cases)
set -euo pipefail
base="$1" people="$2"
here="$(cd "$(dirname "$0")" && pwd)"
cache="${XDG_CACHE_HOME:-$HOME/.cache}/lianting"
venv="$cache/tools/fuzz"
if ! cmp -s "$here/requirements.txt" "$venv/installed.txt"; then
  echo "== installing the API fuzzer (pip)"
  python3 -m venv --clear "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements.txt"
  cp "$here/requirements.txt" "$venv/installed.txt"
fi
cd "$(mktemp -d)"
# each role opens other doors; the administrator comes last, for what it changes is in force at once
for as in party:"${FUZZ_CASES:-12}" clerk:6 court_admin:4; do
  role="${as%%:*}"
  token="$("$venv/bin/python" "$here/token.py" "$base" "$people" "$role")"
  echo "== API as a $role"
  "$venv/bin/schemathesis" run "$base/api/openapi.json" --url "$base/api" \
    --header "Authorization: Bearer $token" --header "X-Lianting: 1" \
    --checks not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance \
    --phases fuzzing --max-examples "${as##*:}" --generation-deterministic --workers 2 \
    --exclude-path-regex '/account/sign-out|/account/password|/account/mobile|/account/sessions|/account/totp' \
    --request-timeout 20 --no-color
done
