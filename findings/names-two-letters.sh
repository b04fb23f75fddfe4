#!/usr/bin/env bash
# string-grouper 0.8.0: Ng and Ng have nothing in common.
#
# Names are compared by the groups of three letters that they share, and Ng and Do have none. Their similarity
# with the same name is 0, so two rows of Ng are two groups, where two rows of Lee are one, and in a list that contains
# Ng, match_most_similar() finds nothing for Ng. match_strings() hides it: there every row matches itself. Bo Ng in
# one cell is found. With ngram_size=2 Ng is found as well, but not the last name O.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input --only-binary :all: \
  string-grouper==0.8.0 \
  pandas==2.3.3 \
  scikit-learn==1.9.1 \
  sparse-dot-topn==1.2.0

cat > expected <<'END'
string-grouper 0.8.0
names: Ng, Do, O, Bo Ng, Lee
each compared with itself: 0.0 0.0 0.0 1.0 1.0
with ngram_size=2: 1.0 1.0 0.0 1.0 1.0
found in the list itself: Bo Ng, Lee
listed twice, groups: 8
listed twice, rows that match themselves: 10
END
venv/bin/python -W ignore - <<'END' | tee seen
from importlib.metadata import version
import pandas
from string_grouper import compute_pairwise_similarities, group_similar_strings, match_most_similar, match_strings

NAMES = ["Ng", "Do", "O", "Bo Ng", "Lee"]
roster = pandas.Series(NAMES)

print("string-grouper", version("string-grouper"))
print("names:", ", ".join(NAMES))
for label, options in (("each compared with itself", {}), ("with ngram_size=2", {"ngram_size": 2})):
    print(f"{label}:", *(f"{score:.1f}" for score in compute_pairwise_similarities(roster, roster, **options)))
most_similar = match_most_similar(roster, roster)["most_similar_index"]
print("found in the list itself:", ", ".join(roster[most_similar.notna()]))
twice = pandas.concat([roster, roster], ignore_index=True)
print("listed twice, groups:", group_similar_strings(twice)["group_rep_index"].nunique())
matches = match_strings(twice)
print("listed twice, rows that match themselves:", (matches["left_index"] == matches["right_index"]).sum())
END
diff expected seen
