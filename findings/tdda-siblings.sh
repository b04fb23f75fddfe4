#!/usr/bin/env bash
# tdda 3.3.0: constraints discovered from a class list every name in it once two children are siblings.
#
# A text column of up to 20 different values becomes a list of allowed values if one of them repeats. Without
# siblings, the constraints of a class (a file to commit) hold no last name; with two, they hold all of them,
# and a child who joins the class fails for the name. The first and last birth date are in both.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input --only-binary :all: \
  tdda==3.3.0 \
  pandas==3.1.1

cat > class.csv <<'END'
Last_name,Student_id,Dob
Doe,S1,2015-08-01
Roe,S2,2015-09-02
Poe,S3,2015-10-03
END
sed 's/Poe/Doe/' class.csv > siblings.csv
sed 's/Poe/Moe/' class.csv > joined.csv
cat > expected <<'END'
3.3.0
class.csv: Last_name no_duplicates, allowed_values None, Dob 2015-08-01 to 2015-10-03
siblings.csv: Last_name None, allowed_values ['Doe', 'Roe'], Dob 2015-08-01 to 2015-10-03
a new last name: 1 failing constraint
END
venv/bin/python -c "from importlib.metadata import version; print(version('tdda'))" > seen
for file in class.csv siblings.csv; do
  venv/bin/tdda discover "$file" found.tdda > /dev/null
  venv/bin/python - "$file" >> seen <<'END'
import json, sys
fields = json.load(open("found.tdda"))["fields"]
name, dob = fields["Last_name"], fields["Dob"]
print(f"{sys.argv[1]}: Last_name {'no_duplicates' if name.get('no_duplicates') else None},",
      f"allowed_values {name.get('allowed_values')}, Dob {dob['min'][:10]} to {dob['max'][:10]}")
END
done
venv/bin/tdda verify joined.csv found.tdda > verified.txt || true
failing=$(sed -n 's/^Failing Constraints: \([0-9]*\).*/\1/p' verified.txt)
echo "a new last name: $failing failing constraint" >> seen
cat seen
diff expected seen

echo "as recorded: $(basename "$0")"
