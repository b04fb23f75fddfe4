#!/usr/bin/env bash
# ceds-jsonld 1.9.0: students 0001001 and 1001 become one node of the graph, and F is a sex that CEDS lacks.
#
# The person shape that the package ships removes the zeros of ids on the way to JSON-LD, so two people get one
# @id. "F" becomes "Sex_F", which the ontology that it ships does not contain; it has Sex_Female, Sex_Male and
# Sex_NotSelected. pipeline.validate() counts no error.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input --only-binary :all: \
  ceds-jsonld==1.9.0

cat > people.csv <<'END'
FirstName,MiddleName,LastName,GenerationCodeOrSuffix,Birthdate,Sex,RaceEthnicity,PersonIdentifiers,IdentificationSystems,PersonIdentifierTypes
Ada,,Doe,,2015-08-01,F,White,0001001,PersonIdentificationSystem_State,PersonIdentifierType_StudentIdentifier
Ben,,Roe,,2014-09-02,Male,White,1001,PersonIdentificationSystem_State,PersonIdentifierType_StudentIdentifier
END
cat > expected <<'END'
ceds-jsonld 1.9.0
validate: 2 records checked: 0 errors, 0 warnings
cepi:person/1001 Ada Sex_F in the ontology: False
cepi:person/1001 Ben Sex_Male in the ontology: True
END
venv/bin/python -W ignore - <<'END' | tee seen
import logging
import re
from importlib.metadata import version
from pathlib import Path
import ceds_jsonld
from ceds_jsonld import CSVAdapter, Pipeline, ShapeRegistry
logging.disable(logging.CRITICAL)
registry = ShapeRegistry()
registry.load_shape("person")
pipeline = Pipeline(source=CSVAdapter("people.csv"), shape="person", registry=registry)
print("ceds-jsonld", version("ceds-jsonld"))
print("validate:", pipeline.validate(mode="report").summary())
base = Path(ceds_jsonld.__file__).parent / "ontologies"
files = [path for path in base.rglob("*") if path.suffix in (".rdf", ".ttl", ".json")]
terms = set(re.findall(r"Sex_\w+", "".join(path.read_text(encoding="utf-8") for path in files)))
for person in pipeline.stream():
    sex = person["hasPersonSexGender"]["hasSex"]
    print(person["@id"], person["hasPersonName"]["FirstName"], sex, "in the ontology:", sex in terms)
END
diff expected seen

echo "as recorded: $(basename "$0")"
