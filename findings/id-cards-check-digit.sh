#!/usr/bin/env bash
# python-barcode 0.16.1, reportlab 5.1.0, jsbarcode 3.12.3: the card of student 1001 is scanned as 10012.
#
# Library and lunch cards carry the student's id, often as Code 39. The two Python libraries add a check character to it
# by default, which scanners report as part of the id unless they are set to check it: 10012 is another
# student, and 20391001G nobody. JsBarcode adds none to the same text. Code 128 has its check inside and is
# read as written by all three. In Interleaved 2 of 5, where the number of digits has to be even, python-barcode puts
# a zero in front, reportlab a check digit at the end, and JsBarcode refuses.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input --only-binary :all: \
  python-barcode==0.16.1 \
  reportlab==5.1.0
echo '{}' > package.json
npm install --no-audit --no-fund --ignore-scripts --silent jsbarcode@3.12.3

cat > expected <<'END'
python-barcode 0.16.1, reportlab 5.1.0, jsbarcode 3.12.3
Code 39, 1001: python-barcode 10012, reportlab 10012, jsbarcode 1001
Code 39, 20391001: python-barcode 20391001G, reportlab 20391001G, jsbarcode 20391001
Code 39 without the check character, 1001: python-barcode 1001, reportlab 1001
Code 128, 1001: python-barcode 1001, jsbarcode 1001
Interleaved 2 of 5, 0001001: python-barcode 00001001, reportlab 00010016, jsbarcode refused
END
cat > encode.js <<'END'
const { writeFileSync } = require("fs");
const JsBarcode = require("jsbarcode");
const encode = (format, text) => {
  const result = {};
  try {
    JsBarcode(result, text, { format });
  } catch {
    return "refused";
  }
  return result.encodings.map((part) => part.text).join("");
};
const version = require("jsbarcode/package.json").version;
const codes = [["CODE39", "1001"], ["CODE39", "20391001"], ["CODE128", "1001"], ["ITF", "0001001"]]
  .map(([format, text]) => [`${format} ${text}`, encode(format, text)]);
writeFileSync("from_js.json", JSON.stringify({ version, ...Object.fromEntries(codes) }));
END
node encode.js > log 2>&1
cat > compare.py <<'END'
import json
from importlib.metadata import version

import barcode
from reportlab.graphics.barcode import code39, common

from_js = json.load(open("from_js.json"))


def encode(code):
    code.validate()
    code.encode()
    return code.encoded.strip("*")


print(f"python-barcode {version('python-barcode')}, reportlab {version('reportlab')}, jsbarcode {from_js['version']}")
for text in ("1001", "20391001"):
    print(f"Code 39, {text}: python-barcode {barcode.get('code39', text).get_fullcode()},",
          f"reportlab {encode(code39.Standard39(text))}, jsbarcode {from_js[f'CODE39 {text}']}")
plain = barcode.get("code39", "1001", options={"add_checksum": False}).get_fullcode()
print(f"Code 39 without the check character, 1001: python-barcode {plain},",
      f"reportlab {encode(code39.Standard39('1001', checksum=0))}")
print(f"Code 128, 1001: python-barcode {barcode.get('code128', '1001').get_fullcode()},",
      f"jsbarcode {from_js['CODE128 1001']}")
print(f"Interleaved 2 of 5, 0001001: python-barcode {barcode.get('itf', '0001001').get_fullcode()},",
      f"reportlab {encode(common.I2of5('0001001'))}, jsbarcode {from_js['ITF 0001001']}")
END
venv/bin/python -W ignore compare.py | tee seen
diff expected seen
