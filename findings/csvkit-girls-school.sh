#!/usr/bin/env bash
# csvkit 2.2.0 (agate 1.14.2): sorting the roster of a girls' school turns Gender F into False.
#
# F and T are words for false and true, so a column in which everyone is F is a Boolean one, and csvsort
# writes "False". With one M in the file it stays text. A home language of None becomes a blank, and ids
# lose their zeros. `csvsort -I` (no inference) keeps F and the ids; None needs `--blanks` as well.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input --only-binary :all: \
  csvkit==2.2.0 \
  agate==1.14.2

cat > girls.csv <<'END'
Student_id,Gender,Home_language
0001002,F,None
0001001,F,Spanish
END
sed '2s/F/M/' girls.csv > mixed.csv
cat > expected <<'END'
csvsort 2.2.0
Student_id,Gender,Home_language
1001,False,Spanish
1002,False,
Student_id,Gender,Home_language
1001,F,Spanish
1002,M,
Student_id,Gender,Home_language
0001001,F,Spanish
0001002,F,None
END
{
  venv/bin/csvsort --version
  venv/bin/csvsort -c Student_id girls.csv
  venv/bin/csvsort -c Student_id mixed.csv
  venv/bin/csvsort -I --blanks -c Student_id girls.csv
} | tee seen
diff expected seen

echo "as recorded: $(basename "$0")"
