#!/usr/bin/env bash
# thefuzz 0.22.1, fuzzball 2.2.6: dedupe() of eight students with eight names leaves three or four.
#
# Both call names duplicates that score 70 or more. In thefuzz the students with one long last name (Garcia, Nguyen,
# Copperpot) do, so only one of each is left: the longest name, or the later in the alphabet. No threshold separates
# Juan Garcia from Juan Garcia Lopez: a name that is part of another one scores 100. fuzzball uses another score:
# it keeps both Juans, and Juan instead of Ana and Eva. Neither says who was dropped.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input --only-binary :all: \
  thefuzz==0.22.1 \
  rapidfuzz==3.14.6
echo '{}' > package.json
npm install --no-audit --no-fund --ignore-scripts --silent fuzzball@2.2.6

printf '%s\n' 'Ana Garcia' 'Eva Garcia' 'Juan Garcia' 'Juan Garcia Lopez' 'Mai Nguyen' 'Minh Nguyen' \
  'Chloe Copperpot' 'Wendy Copperpot' > class
cat > expected <<'END'
thefuzz 0.22.1, fuzzball 2.2.6: 8 students
thefuzz drops 5: Ana Garcia, Chloe Copperpot, Eva Garcia, Juan Garcia, Mai Nguyen
thefuzz, threshold 100, drops 1: Juan Garcia
fuzzball drops 4: Ana Garcia, Eva Garcia, Mai Nguyen, Wendy Copperpot
END
cat > fuzzball.js <<'END'
const { readFileSync, writeFileSync } = require("fs");
const fuzzball = require("fuzzball");
const names = readFileSync("class", "utf8").trim().split("\n");
writeFileSync("from_fuzzball", JSON.stringify(fuzzball.dedupe(names).map(([name]) => name)));
END
node fuzzball.js > log 2>&1
cat > compare.py <<'END'
import json
from importlib.metadata import version
from thefuzz import process

fuzzball = json.load(open("node_modules/fuzzball/package.json"))["version"]
names = open("class").read().splitlines()
print(f"thefuzz {version('thefuzz')}, fuzzball {fuzzball}: {len(names)} students")
results = (
    ("thefuzz", process.dedupe(names)),
    ("thefuzz, threshold 100,", process.dedupe(names, threshold=100)),
    ("fuzzball", json.load(open("from_fuzzball"))),
)
for label, kept in results:
    dropped = [name for name in sorted(names) if name not in kept]
    print(f"{label} drops {len(dropped)}: {', '.join(dropped)}")
END
venv/bin/python -W ignore compare.py | tee seen
diff expected seen
