#!/usr/bin/env bash
# clevercsv 0.8.5, pandas 3.1.1: a list of e-mail addresses, one on each line, has two columns.
#
# A list of who has an account is often one column, without any delimiter. clevercsv finds one nevertheless: the @ of
# the addresses, the blank in names, the colon in times. pandas with sep=None (Python's csv.Sniffer) takes a letter
# of the heading, so that the column Email becomes E and ail. No error is raised, and every row has the same number of
# cells. duckdb sees one column, as pandas does without sep=None.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input --only-binary :all: \
  clevercsv==0.8.5 \
  pandas==3.1.1 \
  duckdb==2.0.1

printf '%s\n' Email ada@school.example ben@school.example cleo@school.example > addresses.csv
printf '%s\n' Name 'Ada Copperpot' 'Ben Doe' 'Cleo Roe' > names.csv
printf '%s\n' Period 08:00 08:50 09:40 > periods.csv
cat > expected <<'END'
clevercsv 0.8.5, pandas 3.1.1, duckdb 2.0.1
addresses.csv
  clevercsv: Email; ada, school.example; ben, school.example; cleo, school.example
  pandas: E, ail; ada@school.exa, ple; ben@school.exa, ple; cleo@school.exa, ple
  duckdb: Email; ada@school.example; ben@school.example; cleo@school.example
names.csv
  clevercsv: Name; Ada, Copperpot; Ben, Doe; Cleo, Roe
  pandas: Na, e; Ada Copperpot, ; Ben Doe, ; Cleo Roe, 
  duckdb: Name; Ada Copperpot; Ben Doe; Cleo Roe
periods.csv
  clevercsv: Period; 08, 00; 08, 50; 09, 40
  pandas: Pe, iod; 08:00, ; 08:50, ; 09:40, 
  duckdb: Period; 08:00; 08:50; 09:40
END
cat > compare.py <<'END'
from importlib.metadata import version

import clevercsv
import duckdb
import pandas


def by_pandas(file):
    table = pandas.read_csv(file, sep=None, engine="python", dtype=str).fillna("")
    return [list(table.columns), *table.to_numpy().tolist()]


def by_duckdb(file):
    table = duckdb.sql(f"FROM read_csv('{file}', all_varchar = true)")
    return [table.columns, *table.fetchall()]


readers = {"clevercsv": clevercsv.read_table, "pandas": by_pandas, "duckdb": by_duckdb}
print(", ".join(f"{name} {version(name)}" for name in readers))
for file in ("addresses.csv", "names.csv", "periods.csv"):
    print(file)
    for name, read in readers.items():
        print(f"  {name}:", "; ".join(", ".join(row) for row in read(file)))
END
venv/bin/python -W ignore compare.py | tee seen
diff expected seen
