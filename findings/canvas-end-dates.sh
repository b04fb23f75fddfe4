#!/usr/bin/env bash
# canvasapi 3.6.0: an end date that is cleared is never sent, and an id of digits becomes a date.
#
# course.update(course={"end_at": None}) removes the end of a course; the request has everything but the end
# date, and if it was the only change, nothing. The server answers 200, and the sections stay closed. An empty text is
# sent. Every value is tried as a date: a course with the SIS id 20260824 gets a sis_course_id_date. The server
# below, in memory, records what it is sent.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input \
  canvasapi==3.6.0

cat > expected <<'END'
canvasapi 3.6.0
course: end_at_date 2026-06-11, sis_course_id_date 2026-08-24
end_at None and a name: PUT course[name]=Algebra
end_at None: PUT nothing
end_at "": PUT course[end_at]=
END
cat > compare.py <<'END'
import json
from importlib.metadata import version
from urllib.parse import unquote

import requests
from canvasapi import Canvas
from requests.adapters import BaseAdapter

COURSE = {"id": 1, "name": "Algebra", "end_at": "2026-06-11T00:00:00Z", "sis_course_id": "20260824"}
sent = []


class Server(BaseAdapter):
    def send(self, request, **options):
        sent.append(f"{request.method} {unquote(request.body or '') or 'nothing'}")
        response = requests.Response()
        response.status_code = 200
        response._content = json.dumps(COURSE).encode()
        return response

    def close(self):
        pass


print("canvasapi", version("canvasapi"))
canvas = Canvas("https://canvas.example", "token")
canvas._Canvas__requester._session.mount("https://", Server())
course = canvas.get_course(1)
dates = {name: value for name, value in vars(course).items() if name.endswith("_date")}
print("course:", ", ".join(f"{name} {value:%Y-%m-%d}" for name, value in dates.items()))
for label, changes in (
    ("end_at None and a name", {"name": "Algebra", "end_at": None}),
    ("end_at None", {"end_at": None}),
    ('end_at ""', {"end_at": ""}),
):
    course.update(course=changes)
    print(f"{label}: {sent[-1]}")
END
venv/bin/python -W ignore compare.py | tee seen
diff expected seen
