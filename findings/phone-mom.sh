#!/usr/bin/env bash
# phonenumbers 9.0.43: a note after a guardian's number becomes digits of the number.
#
# "(Mom)" is dialed as 666 on a keypad, as in vanity numbers (1-800-FLOWERS), so parse() appends it and
# reports success. Notes of one or two letters are dropped, longer ones are not. A second number after a
# semicolon becomes the extension of the first.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input --only-binary :all: \
  phonenumbers==9.0.43

cat > expected <<'END'
9.0.43
617-555-0142            -> +16175550142 valid=True extension=None
617-555-0142 (c)        -> +16175550142 valid=True extension=None
617-555-0142 (Mom)      -> +16175550142666 valid=False extension=None
617-555-0142 (Dad)      -> +16175550142323 valid=False extension=None
617-555-0142 home       -> +161755501424663 valid=False extension=None
6175550142;6175550143   -> +16175550142 valid=True extension=6175550143
END
venv/bin/python - <<'END' | tee seen
import phonenumbers as p
print(p.__version__)
for text in ("617-555-0142", "617-555-0142 (c)", "617-555-0142 (Mom)", "617-555-0142 (Dad)",
             "617-555-0142 home", "6175550142;6175550143"):
    number = p.parse(text, "US")
    print(f"{text:<23} -> {p.format_number(number, p.PhoneNumberFormat.E164)}",
          f"valid={p.is_valid_number(number)} extension={number.extension}")
END
diff expected seen

echo "as recorded: $(basename "$0")"
