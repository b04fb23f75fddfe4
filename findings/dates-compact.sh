#!/usr/bin/env bash
# pydantic 2.14.4, msgspec 0.23.0, pandas 3.1.1: a term that begins on 20260824 began on August 23, 1970.
#
# State reports and some student information systems write dates as 20260824, which is ISO 8601, too. A datetime of
# pydantic, and of msgspec with strict=False, takes a text of digits for seconds since 1970, so every day of a school
# year falls into one afternoon; to_datetime of a column that pandas has read as numbers takes nanoseconds. A pydantic
# date refuses the text, and takes 0 for January 1, 1970. Python itself, arrow, pendulum and marshmallow read August 24.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input --only-binary :all: \
  pydantic==2.14.4 \
  msgspec==0.23.0 \
  pandas==3.1.1 \
  marshmallow==4.4.0 \
  arrow==1.4.0 \
  pendulum==3.3.0

printf '%s\n' Term_start,Term_end 20260824,20270611 > terms.csv
cat > expected <<'END'
pydantic 2.14.4, msgspec 0.23.0, pandas 3.1.1, marshmallow 4.4.0, arrow 1.4.0, pendulum 3.3.0
pydantic, datetime: 1970-08-23 12:00:24 to 1970-08-23 14:43:31
pydantic, date: refused
pydantic, date of 0: 1970-01-01
msgspec, datetime: 1970-08-23 12:00:24 to 1970-08-23 14:43:31
pandas, to_datetime: 1970-01-01 00:00:00 to 1970-01-01 00:00:00
pandas, parse_dates: 2026-08-24 00:00:00 to 2027-06-11 00:00:00
marshmallow, DateTime: 2026-08-24 00:00:00 to 2027-06-11 00:00:00
arrow: 2026-08-24 00:00:00 to 2027-06-11 00:00:00
pendulum: 2026-08-24 00:00:00 to 2027-06-11 00:00:00
END
cat > compare.py <<'END'
import csv
import datetime as dt
from importlib.metadata import version

import arrow
import marshmallow
import msgspec
import pandas
import pendulum
import pydantic

[days] = csv.DictReader(open("terms.csv"))
numbers = pandas.read_csv("terms.csv").iloc[0].to_dict()
parsed = pandas.read_csv("terms.csv", parse_dates=["Term_start", "Term_end"]).iloc[0].to_dict()


def show(label, read, texts=days):
    try:
        values = [read(texts[name]).replace(tzinfo=None) for name in ("Term_start", "Term_end")]
    except ValueError:
        print(f"{label}: refused")
    else:
        print(f"{label}:", " to ".join(format(value, "%Y-%m-%d %H:%M:%S") for value in values))


names = ("pydantic", "msgspec", "pandas", "marshmallow", "arrow", "pendulum")
print(", ".join(f"{name} {version(name)}" for name in names))
show("pydantic, datetime", pydantic.TypeAdapter(dt.datetime).validate_python)
show("pydantic, date", pydantic.TypeAdapter(dt.date).validate_python)
print("pydantic, date of 0:", pydantic.TypeAdapter(dt.date).validate_python("0"))
show("msgspec, datetime", lambda text: msgspec.convert(text, dt.datetime, strict=False))
show("pandas, to_datetime", pandas.to_datetime, numbers)
show("pandas, parse_dates", pandas.Timestamp, parsed)
show("marshmallow, DateTime", marshmallow.fields.DateTime().deserialize)
show("arrow", lambda text: arrow.get(text).datetime)
show("pendulum", pendulum.parse)
END
venv/bin/python -W ignore compare.py | tee seen
diff expected seen
