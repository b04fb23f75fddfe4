#!/usr/bin/env bash
# csv-diff 1.2, csvdiff 0.3.3, datacompy 1.1.0: a student at two schools, compared by the student's id.
#
# Student 1002 is on two rows, one for each school. csv-diff and csvdiff keep the last row of each key: the row
# of school 10 can go, and they see no difference; where only the order of the two rows changes, they report a
# student who moved. datacompy numbers rows of one key as they come: the row that stayed is reported as changed
# from school 10 to 20 and as removed, and the new order as two changed students. Only datacompy's report says that
# an id repeats.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input \
  csv-diff==1.2 \
  csvdiff==0.3.3 \
  datacompy==1.1.0

header=Student_id,School_id,Last_name
printf '%s\n' $header 1001,10,Copperpot 1002,10,Doe 1002,20,Doe > last.csv
printf '%s\n' $header 1001,10,Copperpot 1002,20,Doe > left.csv
printf '%s\n' $header 1001,10,Copperpot 1002,20,Doe 1002,10,Doe > sorted.csv
cat > expected <<'END'
csv-diff 1.2, csvdiff 0.3.3, datacompy 1.1.0
left.csv: csv-diff 0 changed, 0 removed; csvdiff 0 changed, 0 removed; datacompy 1 changed, 1 removed
sorted.csv: csv-diff 1 changed, 0 removed; csvdiff 1 changed, 0 removed; datacompy 2 changed, 0 removed
END
venv/bin/python -W ignore - <<'END' | tee seen
from importlib.metadata import version
import csvdiff
import pandas
from csv_diff import compare, load_csv
from datacompy import PandasCompare

def show(name, changed, removed):
    return f"{name} {changed} changed, {removed} removed"

print(", ".join(f"{name} {version(name)}" for name in ("csv-diff", "csvdiff", "datacompy")))
for file in ("left.csv", "sorted.csv"):
    with open("last.csv") as last, open(file) as new:
        by_key = compare(load_csv(last, key="Student_id"), load_csv(new, key="Student_id"))
    by_index = csvdiff.diff_files("last.csv", file, ["Student_id"])
    frames = (pandas.read_csv(name, dtype=str) for name in ("last.csv", file))
    by_order = PandasCompare(*frames, join_columns="Student_id")
    print(f"{file}:", "; ".join((
        show("csv-diff", len(by_key["changed"]), len(by_key["removed"])),
        show("csvdiff", len(by_index["changed"]), len(by_index["removed"])),
        show("datacompy", len(by_order.all_mismatch()), len(by_order.df1_unq_rows)),
    )))
END
diff expected seen
