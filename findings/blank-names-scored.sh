#!/usr/bin/env bash
# rapidfuzz 3.14.6 and jellyfish 1.3.0: two blank cells are the same name, or have nothing in common.
#
# The same measure under the same name, Jaro-Winkler, is 1.0 in one library and 0.0 in the other; and within
# rapidfuzz ratio and token_sort_ratio say 100, token_set_ratio, QRatio and WRatio 0.
# Records without a middle name or state id match in one program and not in the other.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input --only-binary :all: \
  rapidfuzz==3.14.6 \
  jellyfish==1.3.0

cat > expected <<'END'
rapidfuzz 3.14.6, jellyfish 1.3.0
Jaro-Winkler of two blanks: rapidfuzz 1.0, jellyfish 0.0
Jaro-Winkler of Roe and Rowe: rapidfuzz 0.93, jellyfish 0.93
rapidfuzz, two blanks: ratio 100, token_sort_ratio 100, token_set_ratio 0, QRatio 0, WRatio 0
END
venv/bin/python - <<'END' | tee seen
from importlib.metadata import version
import jellyfish
from rapidfuzz import fuzz
from rapidfuzz.distance import JaroWinkler
print(f"rapidfuzz {version('rapidfuzz')}, jellyfish {version('jellyfish')}")
for label, a, b in (("two blanks", "", ""), ("Roe and Rowe", "Roe", "Rowe")):
    print(f"Jaro-Winkler of {label}: rapidfuzz {round(JaroWinkler.normalized_similarity(a, b), 2)},",
          f"jellyfish {round(jellyfish.jaro_winkler_similarity(a, b), 2)}")
names = ("ratio", "token_sort_ratio", "token_set_ratio", "QRatio", "WRatio")
print("rapidfuzz, two blanks:", ", ".join(f"{name} {getattr(fuzz, name)('', ''):.0f}" for name in names))
END
diff expected seen

echo "as recorded: $(basename "$0")"
