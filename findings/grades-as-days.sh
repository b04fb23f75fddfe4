#!/usr/bin/env bash
# dayjs 1.11.23, moment 2.31.0, dateparser 1.5.0: grades, rooms and names are days.
#
# Whoever asks such a library which columns hold dates gets the grades: to dayjs and moment "Grade 5" is May 1, 2001,
# and "Room 101" a day in the year 101, since a text that they do not know goes to JavaScript's Date, which skips words
# in front of a number. Grade 13 is none. For dateparser the grade K and the section A1 are today, as K and A are time
# zones, and Ana 2 was yesterday. luxon, and moment with a format, refuse all of them.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input --only-binary :all: \
  dateparser==1.5.0
echo '{}' > package.json
npm install --no-audit --no-fund --ignore-scripts --silent dayjs@1.11.23 moment@2.31.0 luxon@3.7.2

printf '%s\n' 'Grade 5' 'Grade 13' 'Room 101' 'Ana 2' K PK A1 9-12 > cells
cat > expected <<'END'
dayjs 1.11.23, moment 2.31.0, luxon 3.7.2, dateparser 1.5.0
Grade 5: dayjs 2001-05-01, moment 2001-05-01, with a format -, luxon -, dateparser -
Grade 13: dayjs -, moment -, with a format -, luxon -, dateparser -
Room 101: dayjs 0101-01-01, moment 0101-01-01, with a format -, luxon -, dateparser -
Ana 2: dayjs 2001-02-01, moment 2001-02-01, with a format -, luxon -, dateparser 2026-08-31
K: dayjs -, moment -, with a format -, luxon -, dateparser 2026-09-01
PK: dayjs -, moment -, with a format -, luxon -, dateparser -
A1: dayjs -, moment -, with a format -, luxon -, dateparser 2026-09-01
9-12: dayjs 2001-09-12, moment 2001-09-12, with a format -, luxon -, dateparser 2026-09-12
END
cat > days.js <<'END'
const { readFileSync, writeFileSync } = require("fs");
const dayjs = require("dayjs");
const moment = require("moment");
const { DateTime } = require("luxon");
const version = (name) => JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8")).version;
const show = (day, format) => (day.isValid() ? day.format(format) : "-");
const days = readFileSync("cells", "utf8").trim().split("\n").map((text) => [
  show(dayjs(text), "YYYY-MM-DD"),
  show(moment(text), "YYYY-MM-DD"),
  show(moment(text, "M/D/YYYY", true), "YYYY-MM-DD"),
  DateTime.fromISO(text).isValid ? DateTime.fromISO(text).toISODate() : "-",
]);
const versions = ["dayjs", "moment", "luxon"].map((name) => `${name} ${version(name)}`);
writeFileSync("from_js.json", JSON.stringify({ versions, days }));
END
TZ=UTC node days.js > log 2>&1
cat > compare.py <<'END'
import datetime as dt
import json
from importlib.metadata import version

import dateparser

from_js = json.load(open("from_js.json"))
settings = {"RELATIVE_BASE": dt.datetime(2026, 9, 1, 12), "TIMEZONE": "UTC"}
print(", ".join([*from_js["versions"], f"dateparser {version('dateparser')}"]))
for text, (dayjs, moment, strict, luxon) in zip(open("cells").read().splitlines(), from_js["days"], strict=True):
    day = dateparser.parse(text, settings=settings)
    print(f"{text}: dayjs {dayjs}, moment {moment}, with a format {strict}, luxon {luxon},",
          f"dateparser {format(day, '%Y-%m-%d') if day else '-'}")
END
venv/bin/python -W ignore compare.py | tee seen
diff expected seen
