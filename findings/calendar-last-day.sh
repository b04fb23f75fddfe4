#!/usr/bin/env bash
# icalendar 7.3.2, ics 0.7.3 (PyPI), ics 3.12.0 (npm), ical-generator 10.2.0: a term that ends on December 18.
#
# In iCalendar the end of an all-day event is the day after the last one. Given a term's first and last day, icalendar
# and both libraries of npm write the last day as DTEND, so calendars show a term that ends on December 17. The ics of
# PyPI adds a day, and its term ends on the 18th; the ics of npm has the same name and does not.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input \
  icalendar==7.3.2 \
  ics==0.7.3
echo '{"type": "module"}' > package.json
npm install --no-audit --no-fund --ignore-scripts --silent ics@3.12.0 ical-generator@10.2.0

cat > expected <<'END'
icalendar 7.3.2, ics 0.7.3, npm: ics 3.12.0, ical-generator 10.2.0
a term from 2026-08-24 to 2026-12-18, as a calendar shows it:
icalendar: 2026-08-24 to 2026-12-17
ics: 2026-08-24 to 2026-12-18
npm ics: 2026-08-24 to 2026-12-17
npm ical-generator: 2026-08-24 to 2026-12-17
END
cat > terms.js <<'END'
import { readFileSync, writeFileSync } from "fs";
import { createEvent } from "ics";
import ical from "ical-generator";
const version = (name) => JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8")).version;
const event = { title: "Fall", start: [2026, 8, 24], end: [2026, 12, 18] };
const calendar = ical();
calendar.createEvent({
  summary: "Fall", start: new Date(2026, 7, 24), end: new Date(2026, 11, 18), allDay: true,
});
writeFileSync("from_js.json", JSON.stringify({
  versions: ["ics", "ical-generator"].map((name) => `${name} ${version(name)}`),
  calendars: { "npm ics": createEvent(event).value, "npm ical-generator": calendar.toString() },
}));
END
TZ=UTC node terms.js > log 2>&1
cat > compare.py <<'END'
import datetime as dt
import json
import re
from importlib.metadata import version

import icalendar
import ics

from_js = json.load(open("from_js.json"))
first, last = dt.date(2026, 8, 24), dt.date(2026, 12, 18)
term = ics.Event(name="Fall", begin=first.isoformat(), end=last.isoformat())
term.make_all_day()
calendars = {
    "icalendar": icalendar.Event.new(summary="Fall", start=first, end=last).to_ical().decode(),
    "ics": term.serialize(),
    **from_js["calendars"],
}
names = [f"{name} {version(name)}" for name in ("icalendar", "ics")]
print(", ".join(names) + ", npm:", ", ".join(from_js["versions"]))
print(f"a term from {first} to {last}, as a calendar shows it:")
for name, text in calendars.items():
    start, end = (dt.datetime.strptime(day, "%Y%m%d").date() for day in re.findall(r"VALUE=DATE:(\d{8})", text))
    print(f"{name}: {start} to {end - dt.timedelta(days=1)}")
END
venv/bin/python -W ignore compare.py | tee seen
diff expected seen
