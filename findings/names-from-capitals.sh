#!/usr/bin/env bash
# nameparser 2.6.0, titlecase 2.4.1, namecase 1.1.2: names of an export in capitals, written as names again.
#
# Many systems export LAST NAMES IN CAPITALS. nameparser takes every name that begins with Mac for a Scottish one:
# Macias, Machado and Macedo, common in any district, become MacIas, MacHado and MacEdo. namecase knows these, and
# takes the Vietnamese names Vi and Le for the number VI and a French particle.
# titlecase leaves O'NEIL in capitals if the first name has small letters, and takes the An of Kim-An for the article.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input \
  nameparser==2.6.0 \
  titlecase==2.4.1
npm install --silent --no-audit --no-fund namecase@1.1.2

printf '%s\n' 'ANA MACIAS' 'JUAN MACHADO' 'MIA MACEDO' 'MAI VI' "Shaun O'NEIL" 'KIM-AN LE' 'ANA LE' > names
cat > expected <<'END'
nameparser 2.6.0, titlecase 2.4.1, namecase 1.1.2
ANA MACIAS: Ana MacIas, Ana Macias, Ana Macias
JUAN MACHADO: Juan MacHado, Juan Machado, Juan Machado
MIA MACEDO: Mia MacEdo, Mia Macedo, Mia Macedo
MAI VI: Mai VI, Mai Vi, Mai VI
Shaun O'NEIL: Shaun O'Neil, Shaun O'NEIL, Shaun O'Neil
KIM-AN LE: Kim-An Le, Kim-an Le, Kim-An le
ANA LE: Ana Le, Ana Le, Ana le
END
cat > namecase.js <<'END'
const { readFileSync } = require("fs");
const rename = require("namecase");
for (const name of readFileSync("names", "utf8").trim().split("\n")) console.log(rename(name));
END
node namecase.js > from_namecase
cat > names.py <<'END'
import json
from importlib.metadata import version
from nameparser import HumanName
from titlecase import titlecase

def parse(name):
    person = HumanName(name)
    person.capitalize(force=True)
    return str(person)

installed = json.load(open("node_modules/namecase/package.json"))["version"].removeprefix("v")
print(f"nameparser {version('nameparser')}, titlecase {version('titlecase')}, namecase {installed}")
for name, other in zip(open("names").read().splitlines(), open("from_namecase").read().splitlines()):
    print(f"{name}: {parse(name)}, {titlecase(name)}, {other}")
END
venv/bin/python -W ignore names.py | tee seen
diff expected seen
