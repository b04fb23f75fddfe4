#!/usr/bin/env bash
# lightbeam 0.1.12 (Ed-Fi): a mistake in a student's grade that is corrected the next night stays.
#
# With a state_dir, lightbeam sends a record only if it has not sent the same record before, on any night. A student is
# in grade 3 on Monday, in grade 4 on Tuesday by mistake, and in grade 3 again on Wednesday: the third record equals the
# first one, is skipped, and the server keeps grade 4. --force sends it. The server below answers on this
# computer as an Ed-Fi server does, and keeps the last record of each student.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input \
  lightbeam==0.1.12

cat > expected <<'END'
lightbeam 0.1.12
Monday, grade 3: sent 1, exit 0; the server has grade 3
Tuesday, grade 4: sent 1, exit 0; the server has grade 4
Wednesday, grade 3: sent 0, exit 99; the server has grade 4
Wednesday, grade 3, --force: sent 1, exit 0; the server has grade 3
END
cat > nights.py <<'END'
import json
import os
import subprocess
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version
from pathlib import Path
from threading import Thread

RESOURCE = "ed-fi/studentSchoolAssociations"
kept, sent = {}, []


class Server(BaseHTTPRequestHandler):
    def answer(self, body, status=200):
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def do_GET(self):
        if self.path == "/dependencies":
            self.answer([{"resource": f"/{RESOURCE}", "order": 1, "operations": ["Create", "Update"]}])
        else:
            names = ("oauth", "dependencies", "openApiMetadata")
            self.answer({"urls": {name: f"{base}/{name}" for name in names}})

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/oauth":
            self.answer({"access_token": "token"})
            return
        record = json.loads(body)
        sent.append(record)
        kept[record["studentReference"]["studentUniqueId"]] = record
        self.answer({}, 201)

    def log_message(self, *words):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
base = f"http://127.0.0.1:{server.server_port}"
Thread(target=server.serve_forever, daemon=True).start()
for name in ("data", "state"):
    Path(name).mkdir()
Path("lightbeam.yaml").write_text(f"""
state_dir: {os.getcwd()}/state
data_dir: {os.getcwd()}/data
edfi_api: {{base_url: {base}, version: 3, mode: shared_instance, client_id: id, client_secret: secret}}
connection: {{pool_size: 1, timeout: 30, num_retries: 1, backoff_factor: 1, verify_ssl: False}}
""")
print("lightbeam", version("lightbeam"))
for night, grade, *options in (("Monday", "3"), ("Tuesday", "4"), ("Wednesday", "3"), ("Wednesday", "3", "--force")):
    record = {
        "studentReference": {"studentUniqueId": "0001001"},
        "schoolReference": {"schoolId": 10},
        "entryDate": "2026-08-24",
        "entryGradeLevelDescriptor": f"uri://ed-fi.org/GradeLevelDescriptor#{grade}",
    }
    Path("data/studentSchoolAssociations.jsonl").write_text(json.dumps(record) + "\n")
    sent.clear()
    run = subprocess.run(["venv/bin/lightbeam", "send", "-c", "lightbeam.yaml", *options], capture_output=True, text=True)
    Path("log").write_text(run.stdout + run.stderr)
    last = kept["0001001"]["entryGradeLevelDescriptor"].partition("#")[2]
    label = ", ".join([night, f"grade {grade}", *options])
    print(f"{label}: sent {len(sent)}, exit {run.returncode}; the server has grade {last}")
END
venv/bin/python -W ignore nights.py | tee seen
diff expected seen
