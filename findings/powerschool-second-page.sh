#!/usr/bin/env bash
# powerschool 4.0.1: the second page of students is the first one again.
#
# query(page=2) asks the server for page 1, so a program that reads page after page gets the first students once for
# each page, and never the others; the number of rows is right as long as the pages are full. Without page= it reads
# all of them. The server below, in memory, returns the page that it is asked for.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input \
  powerschool==4.0.1

cat > expected <<'END'
powerschool 4.0.1
all pages: asked for 1 2: 0001001 0001002 0001003 0001004
page 1: asked for 1: 0001001 0001002
page 2: asked for 1: 0001001 0001002
END
venv/bin/python -W ignore - <<'END' | tee seen
import json
from importlib.metadata import version
from urllib.parse import parse_qs, urlsplit

import requests
from powerschool import PowerSchool
from requests.adapters import BaseAdapter

IDS = ["0001001", "0001002", "0001003", "0001004"]
asked = []

class Server(BaseAdapter):
    def send(self, request, **options):
        url = urlsplit(request.url)
        query = {key: int(value) for key, [value] in parse_qs(url.query).items() if key.startswith("page")}
        if url.path.endswith("/count"):
            body = {"count": len(IDS)}
        else:
            asked.append(query["page"])
            start = (query["page"] - 1) * query["pagesize"]
            page = IDS[start:start + query["pagesize"]]
            body = {"record": [{"tables": {"students": {"student_number": number}}} for number in page]}
        response = requests.Response()
        response.status_code = 200
        response._content = json.dumps(body).encode()
        return response

    def close(self):
        pass

print("powerschool", version("powerschool"))
client = PowerSchool("sis.example")
client.session.mount("https://", Server())
students = client.get_schema_table("students")
for label, options in (("all pages", {}), ("page 1", {"page": 1}), ("page 2", {"page": 2})):
    asked.clear()
    rows = students.query(projection="student_number", pagesize=2, **options)
    print(f"{label}: asked for {' '.join(map(str, asked))}:", *(row["student_number"] for row in rows))
END
diff expected seen
