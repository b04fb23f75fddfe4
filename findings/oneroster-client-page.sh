#!/usr/bin/env bash
# strongmind-oneroster-client 2.0.5: one student's sex refuses the demographics of everyone.
#
# The client knows the two values of OneRoster 1.1. A page from a OneRoster 1.2 server, where `unspecified` is
# a value too, is refused as a whole with a ValueError: no record of the page is returned. The strings "true"
# and "false" of the same records are read right.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input \
  strongmind-oneroster-client==2.0.5

cat > expected <<'END'
strongmind-oneroster-client 2.0.5
two records, female and male: 2 records, asian [False, True]
three records, one unspecified: ValueError Invalid value for `sex` (unspecified), must be one of ['male', 'female']
END
venv/bin/python -W ignore - <<'END' | tee seen
import json
from importlib.metadata import version
from oneroster_client.api_client import ApiClient

class Response:
    def __init__(self, data):
        self.data = json.dumps(data)

    def json(self):
        return json.loads(self.data)

def record(number, sex, asian):
    return {"sourcedId": f"d{number}", "status": "active", "dateLastModified": "2026-08-01T00:00:00Z",
            "birthDate": "2015-08-01", "sex": sex, "asian": asian}

print("strongmind-oneroster-client", version("strongmind-oneroster-client"))
page = [record(1, "female", "false"), record(2, "male", "true")]
for label, records in (("two records, female and male", page),
                       ("three records, one unspecified", [*page, record(3, "unspecified", "false")])):
    try:
        read = ApiClient().deserialize(Response({"demographics": records}), "DemographicsType").demographics
        print(f"{label}: {len(read)} records, asian {[person.asian for person in read]}")
    except ValueError as error:
        print(f"{label}: ValueError {error}")
END
diff expected seen

echo "as recorded: $(basename "$0")"
