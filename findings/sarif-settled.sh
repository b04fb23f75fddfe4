#!/usr/bin/env bash
# sarif-tools 3.0.5: results that are settled still fail the check.
#
# In SARIF 2.1.0 a result with the baseline state "absent" is no longer there, and one with an accepted
# suppression was waived. `sarif --check error` counts both as errors and exits with a failure.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input --only-binary :all: \
  sarif-tools==3.0.5

cat > settled.sarif <<'END'
{"version": "2.1.0", "$schema": "https://json.schemastore.org/sarif-2.1.0.json", "runs": [{
  "tool": {"driver": {"name": "roster-check", "rules": [{"id": "grade-missing"}]}},
  "results": [
    {"ruleId": "grade-missing", "level": "error", "message": {"text": "fixed since the last export"},
     "baselineState": "absent"},
    {"ruleId": "grade-missing", "level": "error", "message": {"text": "accepted by the district"},
     "suppressions": [{"kind": "external", "status": "accepted", "justification": "ungraded school"}]}
  ]}]}
END
cat > expected <<'END'
3.0.5
error: 2
exit 2
END
venv/bin/python -c "from importlib.metadata import version; print(version('sarif-tools'))" > seen
code=0
venv/bin/sarif --check error summary settled.sarif > summary.txt 2> /dev/null || code=$?
grep '^error:' summary.txt >> seen
echo "exit $code" >> seen
cat seen
diff expected seen

echo "as recorded: $(basename "$0")"
