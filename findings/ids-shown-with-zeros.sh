#!/usr/bin/env bash
# openpyxl 3.1.5, pandas 3.1.1, polars 2.1.0, python-calamine 0.9.1, xlsx2csv 0.8.6, xlsx 0.18.5 (SheetJS):
# the student 0001001 of a workbook is read as 1001.
#
# The sheet shows the number with zeros, since the format of its cell is 0000000, and the grade as 09. All of them
# return 1001 and 9, also where text is asked for (dtype=str, or a CSV); only sheet_to_csv of xlsx returns what
# the sheet shows, while its sheet_to_json does not. xlsx2csv follows the format of the date in the same row, so its
# CSV looks as if it kept formats.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input --only-binary :all: \
  openpyxl==3.1.5 \
  pandas==3.1.1 \
  polars==2.1.0 \
  fastexcel==0.21.0 \
  python-calamine==0.9.1 \
  xlsx2csv==0.8.6
echo '{}' > package.json
npm install --no-audit --no-fund --ignore-scripts --silent xlsx@0.18.5

cat > expected <<'END'
openpyxl 3.1.5: 1001 9
pandas 3.1.1: 1001 9
polars 2.1.0: 1001 9
python-calamine 0.9.1: 1001.0 9.0
xlsx2csv 0.8.6: 1001,9,08/01/2011
xlsx 0.18.5: sheet_to_json 1001 9
xlsx 0.18.5: sheet_to_csv 0001001,09,08/01/2011
END
{
  venv/bin/python -W ignore - <<'END'
import datetime
from importlib.metadata import version
import openpyxl
import pandas
import polars
from python_calamine import CalamineWorkbook
from xlsx2csv import Xlsx2csv

book = openpyxl.Workbook()
book.active.append(["Student_id", "Grade", "Birthdate"])
book.active.append([1001, 9, datetime.date(2011, 8, 1)])
for cell, form in zip(book.active[2], ("0000000", "00", "mm/dd/yyyy")):
    cell.number_format = form
book.save("students.xlsx")

def show(name, row):
    print(f"{name} {version(name)}:", *row)

show("openpyxl", [cell.value for cell in openpyxl.load_workbook("students.xlsx").active[2]][:2])
show("pandas", pandas.read_excel("students.xlsx", dtype=str).iloc[0, :2])
show("polars", polars.read_excel("students.xlsx", schema_overrides={"Student_id": polars.String,
     "Grade": polars.String}).row(0)[:2])
show("python-calamine", CalamineWorkbook.from_path("students.xlsx").get_sheet_by_index(0).to_python()[1][:2])
Xlsx2csv("students.xlsx").convert("students.csv")
show("xlsx2csv", [open("students.csv").read().splitlines()[1]])
END
  TZ=UTC node - <<'END'
const xlsx = require("xlsx");
const sheet = xlsx.readFile("students.xlsx").Sheets.Sheet;
const {Student_id, Grade} = xlsx.utils.sheet_to_json(sheet)[0];
console.log(`xlsx ${xlsx.version}: sheet_to_json`, Student_id, Grade);
console.log(`xlsx ${xlsx.version}: sheet_to_csv`, xlsx.utils.sheet_to_csv(sheet).split("\n")[1]);
END
} | tee seen
diff expected seen

echo "as recorded: $(basename "$0")"
