#!/usr/bin/env bash
# jellyfish 1.3.0: by match rating, a student without a last name is a Doe, but no Smith-Jones has a code.
#
# match_rating_comparison is made for names. It answers True for a blank and a name of three sounds, None (not
# comparable) for a blank and a longer name. match_rating_codex refuses an apostrophe and a hyphen with a
# ValueError, but takes a space; soundex and metaphone of the same library take all of them.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input --only-binary :all: \
  jellyfish==1.3.0

cat > expected <<'END'
jellyfish 1.3.0
blank and Doe: True
blank and Lee: True
blank and Smith: None
O'Neil: ValueError, soundex O540, metaphone ONL
Smith-Jones: ValueError, soundex S532, metaphone SM0JNS
de la Cruz: D LCRZ, soundex D426, metaphone T L KRS
END
venv/bin/python - <<'END' | tee seen
from importlib.metadata import version
import jellyfish
print("jellyfish", version("jellyfish"))
for name in ("Doe", "Lee", "Smith"):
    print(f"blank and {name}: {jellyfish.match_rating_comparison('', name)}")
for name in ("O'Neil", "Smith-Jones", "de la Cruz"):
    try:
        code = jellyfish.match_rating_codex(name)
    except ValueError:
        code = "ValueError"
    print(f"{name}: {code}, soundex {jellyfish.soundex(name)}, metaphone {jellyfish.metaphone(name)}")
END
diff expected seen

echo "as recorded: $(basename "$0")"
