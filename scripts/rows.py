#!/usr/bin/env python3
"""Which requirement is proved by which test.

A test names a row of docs/requirements.csv in a comment `proves: F08 L09`. Prints per group what is covered and
lists what is not, with the test for each covered row. `--check` only fails on a name that is no row.
"""
import csv, pathlib, re, sys

root = pathlib.Path(__file__).resolve().parent.parent
rows = list(csv.DictReader(open(root / "docs/requirements.csv", encoding="utf-8")))
known = {r["id"] for r in rows}
places = [("src", "*.rs"), ("tests", "*.rs"), ("tests/e2e", "*.mjs"), ("web/tests", "*.ts"), ("crates", "*.rs"), ("web/src", "*.ts")]
proved: dict[str, list[str]] = {}
unknown = []
for folder, pattern in places:
    for path in sorted((root / folder).rglob(pattern)):
        if "node_modules" in path.parts:
            continue
        for n, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            found = re.match(r"\s*(?://|#|\*)\s*proves:\s*([A-Za-z0-9 ,、]+)", line)
            if not found:
                continue
            for row in re.split(r"[\s,、]+", found.group(1).strip()):
                if not re.fullmatch(r"[A-Za-z]+\d+[a-z]?", row):
                    break
                where = f"{path.relative_to(root)}:{n}"
                (proved.setdefault(row, []).append(where)) if row in known else unknown.append(f"{where}: no row {row}")
if unknown:
    print("\n".join(unknown))
    sys.exit("tests name rows that docs/requirements.csv does not have")
groups: dict[str, list[dict]] = {}
for r in rows:
    groups.setdefault(r["issue"] or "not planned yet", []).append(r)
print(f"{len(proved)} of {len(rows)} rows are proved by a test")
if "--check" in sys.argv:
    sys.exit(0)
for issue, members in sorted(groups.items()):
    done = [r for r in members if r["id"] in proved]
    print(f"\n== part {issue}: {len(done)} of {len(members)}")
    for r in done:
        print(f"  {r['id']:5} {proved[r['id']][0]}")
    missing = [r["id"] for r in members if r["id"] not in proved]
    if missing:
        print("  not covered: " + " ".join(missing))
