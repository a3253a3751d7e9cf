#!/usr/bin/env bash
# Builds the pages into web/dist when a source is newer than the last build.
set -euo pipefail
cd "$(dirname "$0")/../web"
if [ ! -d node_modules ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  echo "== installing the pages' packages (npm ci)"
  npm ci --silent --no-audit --no-fund
fi
if [ ! -f dist/index.html ] || [ -n "$(find src public index.html vite.config.* package-lock.json postcss.config.* -newer dist/index.html -print -quit 2>/dev/null)" ]; then
  echo "== building the pages"
  npm run --silent build
  touch dist/index.html
fi
