#!/usr/bin/env bash
# email-validator 2.4.0, frictionless 5.21.0, jsonschema 4.26.0: a district's own domain, three answers.
#
# email-validator, without asking DNS, refuses .local and .test as reserved but accepts .example, which
# RFC 2606 reserves together with .test, and .internal, which ICANN reserves for private use. frictionless refuses only
# a domain without a period; the "email" format of jsonschema refuses nothing that has an @.
# In the columns: email-validator, frictionless, jsonschema.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input --only-binary :all: \
  email-validator==2.4.0 \
  frictionless==5.21.0 \
  jsonschema==4.26.0

cat > expected <<'END'
email-validator 2.4.0, frictionless 5.21.0, jsonschema 4.26.0
k@district.local     no  yes yes
k@district.internal  yes yes yes
k@school.test        no  yes yes
k@school.example     yes yes yes
k@school             no  no  yes
o'neil@k12.ma.us     yes yes yes
k+art@k12.ma.us      yes yes yes
END
venv/bin/python - <<'END' | tee seen
from importlib.metadata import version
from email_validator import EmailNotValidError, validate_email
from frictionless import Resource, Schema
from jsonschema import Draft202012Validator, FormatChecker

def strict(text):
    try:
        validate_email(text, check_deliverability=False)
    except EmailNotValidError:
        return False
    return True

def table(text):
    schema = {"fields": [{"name": "email", "type": "string", "format": "email"}]}
    return Resource(data=[["email"], [text]], schema=Schema.from_descriptor(schema)).validate().valid

json = Draft202012Validator({"type": "string", "format": "email"}, format_checker=FormatChecker())
print(", ".join(f"{name} {version(name)}" for name in ("email-validator", "frictionless", "jsonschema")))
for text in ("k@district.local", "k@district.internal", "k@school.test", "k@school.example", "k@school",
             "o'neil@k12.ma.us", "k+art@k12.ma.us"):
    answers = (strict(text), table(text), json.is_valid(text))
    print(f"{text:<20}", *(f"{'yes' if answer else 'no':<3}" for answer in answers[:2]),
          "yes" if answers[2] else "no")
END
diff expected seen

echo "as recorded: $(basename "$0")"
