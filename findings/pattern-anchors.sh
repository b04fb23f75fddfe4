#!/usr/bin/env bash
# pandera 0.35.0, dataframely 3.1.2, frictionless 5.21.0, jsonschema 4.26.0: one pattern, two verdicts.
#
# The rule "students have an address of the school", @school\.example$, is right for the ones that search
# (dataframely, jsonschema, pandera's str_contains) and refuses every student in the ones that match from the
# start (pandera's str_matches) or the whole cell (frictionless). A rule set moved from one to the other either
# refuses everyone or, the other way, accepts too much.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input --only-binary :all: \
  pandera[pandas]==0.35.0 \
  pandas==3.1.1 \
  dataframely==3.1.2 \
  polars==2.1.0 \
  frictionless==5.21.0 \
  jsonschema==4.26.0

cat > expected <<'END'
pandera 0.35.0, dataframely 3.1.2, frictionless 5.21.0, jsonschema 4.26.0
@school\.example$ and ada@school.example
pandera str_matches: refused
pandera str_contains: accepted
dataframely regex: accepted
frictionless pattern: refused
jsonschema pattern: accepted
END
venv/bin/python -W ignore - <<'END' | tee seen
from importlib.metadata import version
import dataframely as dy
import pandas as pd
import pandera.pandas as pa
import polars as pl
from frictionless import Resource, Schema
from jsonschema import Draft202012Validator

PATTERN, TEXT = r"@school\.example$", "ada@school.example"

def checked(check):
    try:
        pa.DataFrameSchema({"email": pa.Column(str, check)}).validate(pd.DataFrame({"email": [TEXT]}))
    except pa.errors.SchemaError:
        return False
    return True

class Students(dy.Schema):
    email = dy.String(regex=PATTERN)

fields = [{"name": "email", "type": "string", "constraints": {"pattern": PATTERN}}]
table = Resource(data=[["email"], [TEXT]], schema=Schema.from_descriptor({"fields": fields}))
print(", ".join(f"{name} {version(name)}" for name in ("pandera", "dataframely", "frictionless", "jsonschema")))
print(PATTERN, "and", TEXT)
for name, answer in (
    ("pandera str_matches", checked(pa.Check.str_matches(PATTERN))),
    ("pandera str_contains", checked(pa.Check.str_contains(PATTERN))),
    ("dataframely regex", Students.is_valid(pl.DataFrame({"email": [TEXT]}))),
    ("frictionless pattern", table.validate().valid),
    ("jsonschema pattern", Draft202012Validator({"pattern": PATTERN}).is_valid(TEXT)),
):
    print(f"{name}: {'accepted' if answer else 'refused'}")
END
diff expected seen

echo "as recorded: $(basename "$0")"
