"""JUnit XML for CI systems: one case per rule, failed where the run fails; always masked."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement, indent, tostring

from validator import wording
from validator.followup import gate
from validator.model import Diagnosis, Level, Outcome, Report, Status
from validator.privacy.masking import MaskedReport
from validator.text import defuse_commands, escape

SUITE = "rosterready"


def render(report: MaskedReport) -> bytes:
    """Render the report as UTF-8 XML for JUnit: `testsuites` with one suite."""
    top = Element("testsuites", name=SUITE)
    suite = SubElement(
        top,
        "testsuite",
        name=f"{SUITE} {wording.join_words([profile.id for profile in report.profiles])}".strip(),
    )
    _add_properties(suite, report)
    failing = {id(each) for each in gate.list_failing_diagnoses(report)}
    for diagnosis in report.diagnoses:
        _add_diagnosis(suite, report, diagnosis, fails=id(diagnosis) in failing)
    for outcome in report.outcomes:
        is_open = outcome.status is Status.FOUND
        _add_case(suite, outcome.drop_explained() if is_open else outcome, report)
    counts = {
        "tests": len(suite.findall("testcase")),
        **{
            kind: len(suite.findall(f"testcase/{tag}"))
            for kind, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped"))
        },
        "time": 0,
    }
    for element in (top, suite):
        for name, value in counts.items():
            element.set(name, str(value))
    del top.attrib["skipped"]  # the outermost element has no such attribute
    if report.generated_at:
        suite.set("timestamp", f"{report.generated_at:%Y-%m-%dT%H:%M:%S}")
    _clean(top)
    indent(top)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{tostring(top, "unicode")}\n'.encode()


def _add_properties(suite: Element, report: Report) -> None:
    """Add the verdict and the facts of the run to the JUnit report."""
    properties = SubElement(suite, "properties")
    values = {
        "verdict": report.verdict.value,
        "answer": wording.describe_verdict(report),
        "as_of": report.as_of.isoformat(),
        "version": report.version,
        "fail_on": report.gate.least.value if report.gate.least else gate.NEVER,
    }
    for name, value in values.items():
        SubElement(properties, "property", name=name, value=value)


def _add_diagnosis(suite: Element, report: Report, diagnosis: Diagnosis, *, fails: bool) -> None:
    """Add one case for a diagnosis, whatever it explains."""
    text = diagnosis.text
    case = SubElement(
        suite,
        "testcase",
        classname=f"{SUITE}.diagnosis",
        name=f"{text.id}: {text.title}",
        time="0",
    )
    summary = gate.add_allowance(report, diagnosis, wording.describe_diagnosis(diagnosis))
    where = wording.describe_damage(diagnosis)
    if not fails:
        SubElement(case, "system-out").text = f"{summary} {where}"
        return
    who = f"Who: {wording.OWNERS[text.owner]}"
    failure = SubElement(case, "failure", type=diagnosis.level.value, message=summary)
    failure.text = "\n".join([where, text.why, f"Fix: {text.fix}", who])


def _add_case(suite: Element, outcome: Outcome, report: Report) -> None:
    """Add a rule to the JUnit report as a test case."""
    rule = outcome.rule
    case = SubElement(
        suite,
        "testcase",
        classname=f"{SUITE}.{rule.topic}",
        name=f"{rule.id}: {rule.title}",
        time="0",
    )
    summary = ""
    if outcome.finding:
        summary = gate.add_allowance(report, outcome, wording.describe(outcome))
    if outcome.status is Status.BROKEN:
        SubElement(
            case, "error", type="broken", message=outcome.reason or wording.STATUSES[outcome.status]
        )
    elif outcome.status in (Status.SKIPPED, Status.NOT_ASKED):
        SubElement(case, "skipped", message=outcome.reason or wording.STATUSES[outcome.status])
    elif gate.is_failing(report.gate, outcome):
        SubElement(
            case, "failure", type=outcome.level.value, message=summary
        ).text = _render_details(outcome)
    elif (
        outcome.status is Status.FOUND
        and rule.unreadable
        and outcome.level is Level.BLOCKER
        and report.gate.least
    ):
        SubElement(case, "error", type="unreadable", message=summary).text = _render_details(
            outcome
        )
    elif outcome.status is not Status.PASSED:
        accepted = (
            f"{wording.STATUSES[outcome.status]}: " if outcome.status is Status.WAIVED else ""
        )
        SubElement(
            case, "system-out"
        ).text = f"{accepted}{summary}. {wording.describe_place(outcome)}".strip()


def _render_details(outcome: Outcome) -> str:
    """Return the details of a failed case in the JUnit report."""
    rule = outcome.rule
    parts = (
        wording.describe_place(outcome),
        rule.why,
        f"Fix: {rule.fix}",
        f"Who: {wording.OWNERS[rule.owner]}",
        rule.source,
    )
    return "\n".join(part for part in parts if part)


def _clean(top: Element) -> None:
    """Replace in the JUnit report what XML cannot hold, and steering characters."""
    for element in top.iter():
        element.text = element.text and defuse_commands(escape(element.text))
        for name, value in element.items():
            element.set(name, defuse_commands(escape(value)))
