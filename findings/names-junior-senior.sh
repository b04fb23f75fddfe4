#!/usr/bin/env bash
# human-name-compare 0.4.1 (with nameparser 1.1.3): a father and his son are one person.
#
# match_name ignores the generation suffix, the one part of a name by which Jr. and Sr. in a household, or
# a II and a III, differ; two first names that differ do not match, and neither do two middle names.
# The package declares none of its three dependencies. They are installed here by hand.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input \
  human-name-compare==0.4.1 \
  nameparser==1.1.3 \
  gender-guesser==0.4.0 \
  levenshtein==0.27.5

cat > expected <<'END'
human-name-compare 0.4.1, declared dependencies: None
John Doe Jr. | John Doe Sr. : True
John Doe II | John Doe III : True
John Doe Jr. | John Doe : True
Ana Maria Doe | Ana Lucia Doe : False
Ana Doe | Eva Doe : False
END
venv/bin/python -W ignore - <<'END' | tee seen
from importlib.metadata import requires, version
from human_name_compare import match_name
print(f"human-name-compare {version('human-name-compare')}, declared dependencies:",
      requires("human-name-compare"))
for a, b in (("John Doe Jr.", "John Doe Sr."), ("John Doe II", "John Doe III"),
             ("John Doe Jr.", "John Doe"), ("Ana Maria Doe", "Ana Lucia Doe"), ("Ana Doe", "Eva Doe")):
    print(f"{a} | {b} : {match_name(a, b)}")
END
diff expected seen

echo "as recorded: $(basename "$0")"
