#!/usr/bin/env bash
# frictionless 5.21.0: whether a roster is valid depends on the order of its rows.
#
# Without a schema, `frictionless validate` guesses the types from the first 100 rows. Sorted by grade from
# 12 down, kindergarten comes later: Grade is an integer, and every KG is an error of the file, which exits
# with 1. The same rows in the other order are VALID and exit with 0.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input --only-binary :all: \
  frictionless==5.21.0

venv/bin/python - <<'END'
rows = [f"S{1000 + n},{12 - n // 10}" for n in range(120)] + [f"S{1200 + n},KG" for n in range(30)]
for name, order in (("down", rows), ("up", rows[::-1])):
    with open(name + ".csv", "w", encoding="utf-8") as file:
        file.write("\n".join(["Student_id,Grade", *order, ""]))
END
cat > expected <<'END'
5.21.0
down.csv: exit 1, 30 type-errors, Grade is integer
up.csv: exit 0, 0 type-errors, Grade is string
END
venv/bin/frictionless --version > seen
for file in down.csv up.csv; do
  code=0
  venv/bin/frictionless validate "$file" --json > report.json || code=$?
  venv/bin/python - "$file" "$code" >> seen <<'END'
import json, sys
from frictionless import describe
errors = json.load(open("report.json"))["tasks"][0]["errors"]
grade = describe(sys.argv[1]).schema.get_field("Grade").type
print(f"{sys.argv[1]}: exit {sys.argv[2]}, {sum(e['type'] == 'type-error' for e in errors)} type-errors,",
      f"Grade is {grade}")
END
done
cat seen
diff expected seen

echo "as recorded: $(basename "$0")"
