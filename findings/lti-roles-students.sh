#!/usr/bin/env bash
# PyLTI1p3 2.0.0, pylti1p3next 2.0.2: in one library the teachers and parents of a course are its students as well.
#
# An LTI 1.3 launch lists the roles that a person has in the course, at the school and in the system. PyLTI1p3 asks
# whether any of them is a student's, and takes the system's role User for one, which Canvas gives to everybody with
# an account: a teacher and a parent are students, and so is a student teacher. Its successor takes only the roles
# in the course, if there are any. In both, the administrator of the system is staff and that of the school is
# nobody, and a guest learner is no student. The classes below are the ones that check_student_access() and the like
# use.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
for package in PyLTI1p3==2.0.0 pylti1p3next==2.0.2; do
  python3 -m venv "${package%%=*}"
  "${package%%=*}"/bin/python -m pip install --quiet --disable-pip-version-check --no-input --only-binary :all: \
    "$package"
done

cat > expected <<'END'
PyLTI1p3 2.0.0
  student: student
  teacher: teacher
  teacher with an account: student, teacher
  student teacher: student, teacher
  parent: observer
  parent with an account: student, observer
  guest learner: nobody
  administrator of the system: staff
  administrator of the school: nobody
pylti1p3next 2.0.2
  student: student
  teacher: teacher
  teacher with an account: teacher
  student teacher: teacher
  parent: observer
  parent with an account: observer
  guest learner: nobody
  administrator of the system: staff
  administrator of the school: nobody
END
cat > launches.py <<'END'
import sys
from importlib.metadata import version
from pylti1p3 import roles

VOCABULARY = "http://purl.imsglobal.org/vocab/lis/v2/"
PEOPLE = {
    "student": ["membership#Learner"],
    "teacher": ["membership#Instructor"],
    "teacher with an account": ["system/person#User", "membership#Instructor"],
    "student teacher": ["institution/person#Student", "membership#Instructor"],
    "parent": ["membership#Mentor"],
    "parent with an account": ["system/person#User", "membership#Mentor"],
    "guest learner": ["membership/Learner#GuestLearner"],
    "administrator of the system": ["system/person#Administrator"],
    "administrator of the school": ["institution/person#Administrator"],
}
KINDS = {"student": roles.StudentRole, "teacher": roles.TeacherRole, "observer": roles.ObserverRole,
         "staff": roles.StaffRole}

print(sys.argv[1], version(sys.argv[1]))
for person, names in PEOPLE.items():
    launch = {"https://purl.imsglobal.org/spec/lti/claim/roles": [VOCABULARY + name for name in names]}
    print(f"  {person}:", ", ".join(kind for kind, role in KINDS.items() if role(launch).check()) or "nobody")
END
for package in PyLTI1p3 pylti1p3next; do
  "$package"/bin/python -W ignore launches.py "$package"
done | tee seen
diff expected seen
