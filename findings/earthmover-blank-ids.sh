#!/usr/bin/env bash
# earthmover 0.4.10 (Ed-Fi; pandas 2.2.3, dask 2024.8.2): students without a state id get a stranger's record.
#
# The tool reads every cell as text and a blank as "", so its join finds blank equal to blank: both students
# without a state id get the birth date of the one record without it. In its group_by, max() of an id is a
# number without the zeros (str_max() keeps them), and mean() counts a blank grade point average as 0: of
# 4.0, blank and 2.0 it is 2.0. Nothing is logged, and the exit status is 0.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input \
  earthmover==0.4.10 \
  pandas==2.2.3 \
  dask==2024.8.2

printf '%s\n' student,state_id,school,gpa 0001001,,A,4.0 0001002,,A, 0001003,7700001,A,2.0 > roster.csv
printf '%s\n' id_of_state,birth_date ,2009-01-01 7700001,2010-02-02 > state.csv
printf '{"student": "{{student}}", "birth": "{{birth_date}}"}\n' > joined.jsont
printf '{"max": "{{most}}", "str_max": "{{text}}", "mean": "{{mean}}"}\n' > grouped.jsont
cat > earthmover.yaml <<'END'
version: 2
config: {output_dir: ./out, tmp_dir: ./work, log_level: WARNING, show_progress: False}
sources:
  roster: {file: ./roster.csv, header_rows: 1}
  state: {file: ./state.csv, header_rows: 1}
transformations:
  joined:
    source: $sources.roster
    operations:
      - {operation: join, sources: [$sources.state], join_type: left, left_key: state_id, right_key: id_of_state}
  grouped:
    source: $sources.roster
    operations:
      - operation: group_by
        group_by_columns: [school]
        create_columns: {most: max(student), text: str_max(student), mean: mean(gpa)}
destinations:
  joined: {source: $transformations.joined, template: ./joined.jsont, extension: jsonl, linearize: True}
  grouped: {source: $transformations.grouped, template: ./grouped.jsont, extension: jsonl, linearize: True}
END
mkdir work
cat > expected <<'END'
earthmover 0.4.10
exit status 0
{"student": "0001001", "birth": "2009-01-01"}
{"student": "0001002", "birth": "2009-01-01"}
{"student": "0001003", "birth": "2010-02-02"}
{"max": "1003", "str_max": "0001003", "mean": "2.0"}
END
{
  echo "earthmover $(venv/bin/python -c 'from importlib.metadata import version; print(version("earthmover"))')"
  venv/bin/earthmover run -c earthmover.yaml 2>&1
  echo "exit status $?"
  sort out/joined.jsonl | sed 's/ *$//'
  sed 's/ *$//' out/grouped.jsonl
} | tee seen
diff expected seen

echo "as recorded: $(basename "$0")"
