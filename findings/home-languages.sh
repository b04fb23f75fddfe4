#!/usr/bin/env bash
# pycountry 26.2.16, langcodes 3.5.1 (language_data 1.4.0), iso639-lang 2.6.3: Mon is Mongolian, and Karen is Kari.
#
# Home languages as schools write them. Families from Burma speak Karen or Mon: langcodes takes Karen and Karenni for
# Kari, a language of the Congo, and for lookup() of pycountry "Mon" is the code of Mongolian before it is a name. Its
# names are those of ISO 639-3, in which Mandarin, Farsi, Punjabi, Nepali, Swahili and Pashto do not exist;
# iso639-lang knows other names, but not Mandarin and Farsi.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input \
  pycountry==26.2.16 \
  langcodes==3.5.1 \
  language_data==1.4.0 \
  iso639-lang==2.6.3

printf '%s\n' Spanish Mon Karen Karenni Mandarin Farsi Punjabi Nepali Swahili Pashto > languages
cat > expected <<'END'
pycountry 26.2.16, langcodes 3.5.1, language_data 1.4.0, iso639-lang 2.6.3
Spanish: pycountry Spanish, langcodes Spanish, iso639-lang Spanish
Mon: pycountry Mongolian, langcodes Mon, iso639-lang Mon
Karen: pycountry -, langcodes Kari, iso639-lang -
Karenni: pycountry -, langcodes Kari, iso639-lang -
Mandarin: pycountry -, langcodes Mandarin Chinese, iso639-lang -
Farsi: pycountry -, langcodes Persian, iso639-lang -
Punjabi: pycountry -, langcodes Punjabi, iso639-lang Panjabi
Nepali: pycountry -, langcodes Nepali, iso639-lang Nepali (macrolanguage)
Swahili: pycountry -, langcodes Swahili, iso639-lang Swahili (macrolanguage)
Pashto: pycountry -, langcodes Pashto, iso639-lang Pushto
END
cat > compare.py <<'END'
from importlib.metadata import version

import iso639
import langcodes
import pycountry


def find(read):
    try:
        return read()
    except (LookupError, iso639.exceptions.InvalidLanguageValue):
        return "-"


names = ("pycountry", "langcodes", "language_data", "iso639-lang")
print(", ".join(f"{name} {version(name)}" for name in names))
for language in open("languages").read().split():
    found = {
        "pycountry": find(lambda: pycountry.languages.lookup(language).name),
        "langcodes": find(lambda: langcodes.find(language).display_name()),
        "iso639-lang": find(lambda: iso639.Lang(language).name),
    }
    print(f"{language}:", ", ".join(f"{library} {name}" for library, name in found.items()))
END
venv/bin/python -W ignore compare.py | tee seen
diff expected seen
