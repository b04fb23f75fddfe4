#!/usr/bin/env bash
# duckdb 2.0.1, polars 2.1.0, tableschema 1.21.0, agate 1.14.2: a birth date depends on the dates of classmates.
#
# 03/04/2015 is March 4 in a US export. If nobody in the file was born after the 12th of a month, duckdb, polars
# and tableschema read it as April 3, without a word. With one classmate born on the 16th, duckdb and tableschema
# read March 4, and polars leaves the column text. So the same student has two birth dates in two files, also
# where duckdb reads both files in one query. agate, and a format that is given, read March 4 in both.
# Of 03/04/15, duckdb makes April 15, 2003.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input --only-binary :all: \
  duckdb==2.0.1 \
  polars==2.1.0 \
  agate==1.14.2
venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input \
  tableschema==1.21.0

printf '%s\n' Student_id,Birthdate A1,03/04/2015 A2,05/06/2015 > small.csv
printf '%s\n' Student_id,Birthdate A1,03/04/2015 A2,05/16/2015 > large.csv
printf '%s\n' Student_id,Birthdate A1,03/04/15 A2,05/06/15 > short.csv
cat > expected <<'END'
duckdb 2.0.1, polars 2.1.0, tableschema 1.21.0, agate 1.14.2
small.csv: duckdb 2015-04-03, polars 2015-04-03, tableschema 2015-04-03, agate 2015-03-04
large.csv: duckdb 2015-03-04, polars 03/04/2015, tableschema 2015-03-04, agate 2015-03-04
short.csv: duckdb 2003-04-15
both in one query: duckdb 2015-03-04, 2015-04-03
with dateformat %m/%d/%Y: duckdb 2015-03-04, 2015-03-04
END
venv/bin/python -W ignore - <<'END' | tee seen
from importlib.metadata import version
import agate
import duckdb
import polars
import tableschema

def birthday(library, file):
    if library == "duckdb":
        return duckdb.read_csv(file).fetchall()[0][1]
    if library == "polars":
        return polars.read_csv(file, try_parse_dates=True).row(0)[1]
    if library == "agate":
        return agate.Table.from_csv(file).rows[0][1]
    table = tableschema.Table(file)
    table.infer()
    return table.read()[0][1]

libraries = ("duckdb", "polars", "tableschema", "agate")
print(", ".join(f"{library} {version(library)}" for library in libraries))
for file in ("small.csv", "large.csv"):
    print(f"{file}:", ", ".join(f"{library} {birthday(library, file)}" for library in libraries))
print("short.csv: duckdb", birthday("duckdb", "short.csv"))
for label, options in (("both in one query", ""), ("with dateformat %m/%d/%Y", ", dateformat='%m/%d/%Y'")):
    rows = duckdb.sql(f"""SELECT Birthdate FROM read_csv(['small.csv', 'large.csv'], union_by_name=true{options})
                          WHERE Student_id = 'A1' ORDER BY Birthdate""").fetchall()
    print(f"{label}: duckdb", ", ".join(str(day) for day, in rows))
END
diff expected seen

echo "as recorded: $(basename "$0")"
