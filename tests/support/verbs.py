"""The verbs with which functions begin: a closed list, one word for one thing to do."""

from __future__ import annotations

VERBS = frozenset(
    """
    abbreviate accept adapt add allow annotate announce answer append apply arrange ask assess
    attach begin blank bound build call canonicalize capitalize chain change check choose chunk
    classify clean clear close collapse collect combine come compare compile complete compose
    compute convert copy correct count cover cut decide decode defuse deliver demo derive
    describe detect diagnose differ digest divide do draw drop edit enable encode end enrich
    escape estimate exchange exclude exit expand expect explain explode fill find fingerprint
    fit fix flag flatten fold follow forecast forget format forward free gather get group grow
    guard hash hide hold identify ignore indent index infer init insert invert iterate join
    judge keep know lay leave limit link list load locate lock look loosen lose lower make map
    mark mask match measure mend merge mix move name narrow normalize note number open order
    outline overlap overlay pack pair parse pass paste pick place plan plant prefer prepare
    prepend preview profile propose protect put quote raise rank rate read recode recognize
    reconcile record recount recover reduce refer refuse register release remember remove rename
    render renumber repair repeat replace report resolve restore reword rewrite run sample save
    say score select separate serve set share shift shorten show shuffle sign simplify sit skip
    soften sort spell splice split spread squeeze stack stage start state strip subtract suggest
    sum summarize suspect swap sync tabulate take tally teach test tidy trace translate trim
    undo undouble unenroll unescape unpack unprotect unquote unwrap use validate view vote warn
    watch weigh wrap write yield
    """.split()
)
"""Imperatives of the field. A new verb is added here, where a synonym of it is seen."""

AUXILIARIES = frozenset(("are", "can", "cannot", "did", "has", "have", "is", "may", "was", "were"))
"""The first words of predicates."""

STATEMENTS = frozenset(
    """
    begins belongs decides differs ends finds fits holds knows lacks looks matches names needs
    quotes reads resembles shares speaks suits tells
    """.split()
)
"""The first words of other predicates, which return a bool: `needs_sharing(shape)`."""
