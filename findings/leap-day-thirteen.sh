#!/usr/bin/env bash
# pendulum 3.3.0, date-fns 4.4.0, python-dateutil 2.9.0.post0, moment 2.31.0, dayjs 1.11.23, luxon 3.7.2, duckdb 2.0.1:
# a child born on February 29 turns 13 on the 28th, and is 12 on that day.
#
# All of them say that 13 years after February 29, 2012 is February 28, 2025. Asked for the age on that day, pendulum
# and date-fns say 12, the others 13: two libraries disagree with themselves, and a rule for accounts of children under 13
# depends on which of two functions it uses. date_diff of duckdb counts the turns of the year, so its child of
# December is 13 on January 1, more than eleven months early; date_sub counts years.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input --only-binary :all: \
  pendulum==3.3.0 \
  python-dateutil==2.9.0.post0 \
  duckdb==2.0.1
echo '{}' > package.json
npm install --no-audit --no-fund --ignore-scripts --silent date-fns@4.4.0 moment@2.31.0 dayjs@1.11.23 luxon@3.7.2

cat > expected <<'END'
pendulum 3.3.0, python-dateutil 2.9.0.post0, duckdb 2.0.1, date-fns 4.4.0, moment 2.31.0, dayjs 1.11.23, luxon 3.7.2
born on February 29, 2012; the 13th birthday, and the age on February 28, 2025:
pendulum: 2025-02-28, 12
dateutil: 2025-02-28, 13
duckdb: 2025-02-28, 13
date-fns: 2025-02-28, 12
moment: 2025-02-28, 13
dayjs: 2025-02-28, 13
luxon: 2025-02-28, 13
born on December 15, 2012; the age on January 1, 2025:
duckdb: date_diff 13, date_sub 12
END
cat > ages.js <<'END'
const { readFileSync, writeFileSync } = require("fs");
const { addYears, differenceInYears, format } = require("date-fns");
const moment = require("moment");
const dayjs = require("dayjs");
const { DateTime } = require("luxon");
const version = (name) => JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8")).version;
const [born, day] = ["2012-02-29", "2025-02-28"];
const [birth, today] = [new Date(2012, 1, 29), new Date(2025, 1, 28)];
const lines = [
  `date-fns: ${format(addYears(birth, 13), "yyyy-MM-dd")}, ${differenceInYears(today, birth)}`,
  `moment: ${moment(born).add(13, "years").format("YYYY-MM-DD")}, ${moment(day).diff(born, "years")}`,
  `dayjs: ${dayjs(born).add(13, "year").format("YYYY-MM-DD")}, ${dayjs(day).diff(born, "year")}`,
  `luxon: ${DateTime.fromISO(born).plus({ years: 13 }).toISODate()}, `
    + Math.floor(DateTime.fromISO(day).diff(DateTime.fromISO(born), "years").years),
];
const versions = ["date-fns", "moment", "dayjs", "luxon"].map((name) => `${name} ${version(name)}`);
writeFileSync("from_js.json", JSON.stringify({ versions, lines }));
END
TZ=UTC node ages.js > log 2>&1
cat > compare.py <<'END'
import datetime as dt
import json
from importlib.metadata import version

import duckdb
import pendulum
from dateutil.relativedelta import relativedelta

from_js = json.load(open("from_js.json"))
versions = [f"{name} {version(name)}" for name in ("pendulum", "python-dateutil", "duckdb")]
print(", ".join([*versions, *from_js["versions"]]))
print("born on February 29, 2012; the 13th birthday, and the age on February 28, 2025:")
born, day = dt.date(2012, 2, 29), dt.date(2025, 2, 28)
child, today = pendulum.date(2012, 2, 29), pendulum.date(2025, 2, 28)
print(f"pendulum: {child.add(years=13)}, {today.diff(child).in_years()}")
print(f"dateutil: {born + relativedelta(years=13)}, {relativedelta(day, born).years}")
[row] = duckdb.sql("""SELECT CAST(DATE '2012-02-29' + INTERVAL 13 YEAR AS DATE),
                             date_sub('year', DATE '2012-02-29', DATE '2025-02-28')""").fetchall()
print(f"duckdb: {row[0]}, {row[1]}")
print(*from_js["lines"], sep="\n")
print("born on December 15, 2012; the age on January 1, 2025:")
[row] = duckdb.sql("""SELECT date_diff('year', DATE '2012-12-15', DATE '2025-01-01'),
                             date_sub('year', DATE '2012-12-15', DATE '2025-01-01')""").fetchall()
print(f"duckdb: date_diff {row[0]}, date_sub {row[1]}")
END
venv/bin/python -W ignore compare.py | tee seen
diff expected seen
