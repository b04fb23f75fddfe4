#!/usr/bin/env bash
# xlsx 0.18.5 (SheetJS, the newest on npm): sections 1-2 and 1/2 of a CSV become one day in 2001.
#
# Grade 1, second class: xlsx.read takes the section number for a date, and sheet_to_csv writes 1/2/01 for both,
# since the value and the text that is shown both change. 13-2 stays text: it depends on the number. The ids keep
# their zeros in the CSV, and lose them in the records of sheet_to_json. With {raw: true} all stays as written.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
echo '{}' > package.json
npm install --no-audit --no-fund --ignore-scripts --silent xlsx@0.18.5

printf '%s\n' Student_id,Section 0001001,1-2 0001002,1/2 0001003,12-1 0001004,13-2 > enrollments.csv
cat > expected <<'END'
xlsx 0.18.5
Student_id,Section
0001001,1/2/01
0001002,1/2/01
0001003,12/1/01
0001004,13-2
sheet_to_json: 1001 36893, 1002 36893, 1003 37226, 1004 13-2
raw: 0001001 1-2, 0001002 1/2, 0001003 12-1, 0001004 13-2
END
TZ=UTC node - <<'END' | tee seen
const xlsx = require("xlsx");
const text = require("fs").readFileSync("enrollments.csv", "utf8");
const sheet = (options) => xlsx.read(text, {type: "string", ...options}).Sheets.Sheet1;
const records = (options) => xlsx.utils.sheet_to_json(sheet(options))
  .map((row) => `${row.Student_id} ${row.Section}`).join(", ");
console.log("xlsx", xlsx.version);
console.log(xlsx.utils.sheet_to_csv(sheet({})).trim());
console.log("sheet_to_json:", records({}));
console.log("raw:", records({raw: true}));
END
diff expected seen

echo "as recorded: $(basename "$0")"
