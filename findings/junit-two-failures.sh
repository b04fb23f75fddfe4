#!/usr/bin/env bash
# junitparser 5.0.3 and xunitparser 1.3.4: two failures in one JUnit test case, two answers.
#
# A case usually holds one failure; one that checks a column of a file may hold several. junitparser keeps both
# and, when it refreshes the totals, counts more failures than tests. xunitparser keeps the last one only, and
# gives the whole file the name of its last suite.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input --only-binary :all: \
  junitparser==5.0.3 \
  xunitparser==1.3.4

cat > results.xml <<'END'
<testsuites>
 <testsuite name="students.csv" tests="1" failures="1">
  <testcase classname="students" name="grade" time="0">
   <failure message="612 students have no grade"/><failure message="3 students have grade 13"/>
  </testcase>
 </testsuite>
 <testsuite name="teachers.csv" tests="0" failures="0"/>
</testsuites>
END
cat > expected <<'END'
junitparser 5.0.3: tests 1, failures 2, ['612 students have no grade', '3 students have grade 13']
xunitparser 1.3.4: suite teachers.csv, tests 1, failures 1, 3 students have grade 13
END
venv/bin/python - <<'END' | tee seen
from importlib.metadata import version
from junitparser import JUnitXml
import xunitparser
xml = JUnitXml.fromfile("results.xml")
xml.update_statistics()
messages = [failure.message for suite in xml for case in suite for failure in case.result]
print(f"junitparser {version('junitparser')}: tests {xml.tests}, failures {xml.failures}, {messages}")
suite, result = xunitparser.parse(open("results.xml"))
print(f"xunitparser {version('xunitparser')}: suite {suite.name}, tests {result.testsRun},",
      f"failures {len(result.failures)}, {[case.message for case in suite][0]}")
END
diff expected seen

echo "as recorded: $(basename "$0")"
