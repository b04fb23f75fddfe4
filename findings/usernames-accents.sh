#!/usr/bin/env bash
# django 5.2.19, python-slugify 9.2.0, slugify 1.6.9, @sindresorhus/slugify 3.0.1, lodash.deburr 4.1.0: Đặng is "ang".
#
# User names and addresses are made of names by such functions. Letters that Unicode counts as separate letters (đ,
# ø, ł, æ, þ) are dropped by django, and spelled by the others, each in another way: dang, djang, soren, soeren. Nguyễn
# and José, whose accents can be taken off, are the same everywhere but for lodash, which knows no letter of
# Vietnamese. O'Neil and Kuʻulei are one word or two. So two programs of one district make two addresses for one
# student, and the one in the roster is not the one of the directory.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input --only-binary :all: \
  django==5.2.19 \
  python-slugify==9.2.0
echo '{"type": "module"}' > package.json
npm install --no-audit --no-fund --ignore-scripts --silent slugify@1.6.9 @sindresorhus/slugify@3.0.1 lodash.deburr@4.1.0

printf '%s\n' José Nguyễn Müller Đặng Łukasz Søren Þór "O'Neil" Kuʻulei > names
cat > expected <<'END'
django 5.2.19, python-slugify 9.2.0, slugify 1.6.9, @sindresorhus/slugify 3.0.1, lodash.deburr 4.1.0
José: jose | jose | jose | jose | jose
Nguyễn: nguyen | nguyen | nguyen | nguyen | nguyễn
Müller: muller | muller | muller | mueller | muller
Đặng: ang | dang | djang | dang | dặng
Łukasz: ukasz | lukasz | lukasz | lukasz | lukasz
Søren: sren | soren | soren | soren | soren
Þór: or | thor | thor | t-hor | thor
O'Neil: oneil | o-neil | o'neil | o-neil | o'neil
Kuʻulei: kuulei | ku-ulei | kuulei | kuulei | kuʻulei
END
cat > slug.js <<'END'
import { createRequire } from "module";
import { readFileSync, writeFileSync } from "fs";
import sindresorhus from "@sindresorhus/slugify";
const require = createRequire(import.meta.url);
const slugify = require("slugify");
const deburr = require("lodash.deburr");
const version = (name) => JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8")).version;
const versions = ["slugify", "@sindresorhus/slugify", "lodash.deburr"].map((name) => `${name} ${version(name)}`);
const slugs = readFileSync("names", "utf8").trim().split("\n")
  .map((name) => [slugify(name, { lower: true }), sindresorhus(name), deburr(name).toLowerCase()]);
writeFileSync("from_js.json", JSON.stringify({ versions, slugs }));
END
node slug.js > log 2>&1
cat > compare.py <<'END'
import json
from importlib.metadata import version

from django.utils.text import slugify as django
from slugify import slugify

from_js = json.load(open("from_js.json"))
versions = [f"django {version('django')}", f"python-slugify {version('python-slugify')}", *from_js["versions"]]
print(", ".join(versions))
for name, slugs in zip(open("names", encoding="utf-8").read().split(), from_js["slugs"], strict=True):
    print(f"{name}:", " | ".join([django(name), slugify(name), *slugs]))
END
venv/bin/python -W ignore compare.py | tee seen
diff expected seen
