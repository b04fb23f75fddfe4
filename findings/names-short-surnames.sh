#!/usr/bin/env bash
# humanparser 2.7.0, another-name-parser 0.1.0, nameparser 2.6.0: Do, Ma and Vi are suffixes, not last names.
#
# They are last names in many districts, and also a doctor of osteopathy, a master of arts and the sixth. Each
# library takes others of them for a suffix: the student has no last name then, or the middle name is the last
# one. Both npm packages do so even where a comma says which name is the last ("Ma, Ana"); nameparser reads
# those right. Every name below is read right by one of the three at least.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input --only-binary :all: \
  nameparser==2.6.0
echo '{}' > package.json
npm install --no-audit --no-fund --ignore-scripts --silent \
  humanparser@2.7.0 \
  another-name-parser@0.1.0 \
  lodash@4.17.21

printf '%s\n' "Kim Do" "Ana Ma" "Eva Vi" "Ana Maria Vi" "Do, Kim" "Ma, Ana" "Vi, Eva" > names.txt
cat > expected <<'END'
last name (suffix) in humanparser
Kim Do: Do (none)
Ana Ma: none (Ma)
Eva Vi: Vi (none)
Ana Maria Vi: Vi (none)
Do, Kim: Do (none)
Ma, Ana: none (Ma)
Vi, Eva: Vi (none)
last name (suffix) in another-name-parser
Kim Do: none (Do)
Ana Ma: Ma (none)
Eva Vi: none (Vi)
Ana Maria Vi: Maria (Vi)
Do, Kim: none (Do)
Ma, Ana: Ma (none)
Vi, Eva: none (Vi)
last name (suffix) in nameparser
Kim Do: Do (none)
Ana Ma: Ma (none)
Eva Vi: none (Vi)
Ana Maria Vi: Maria (Vi)
Do, Kim: Do (none)
Ma, Ana: Ma (none)
Vi, Eva: Vi (none)
END
{
  node - <<'END'
const names = require("fs").readFileSync("names.txt", "utf8").trim().split("\n");
const {parseName} = require("humanparser");
const parse = require("another-name-parser");
const show = (library, read) => {
  console.log(`last name (suffix) in ${library}`);
  for (const name of names) {
    const [last, suffix] = read(name);
    console.log(`${name}: ${last || "none"} (${suffix || "none"})`);
  }
};
show("humanparser", (name) => [parseName(name).lastName, parseName(name).suffix]);
show("another-name-parser", (name) => [parse(name).last, parse(name).suffix]);
END
  venv/bin/python - <<'END'
from nameparser import HumanName
print("last name (suffix) in nameparser")
for name in open("names.txt").read().splitlines():
    read = HumanName(name)
    print(f"{name}: {read.last or 'none'} ({read.suffix or 'none'})")
END
} | tee seen
diff expected seen

echo "as recorded: $(basename "$0")"
