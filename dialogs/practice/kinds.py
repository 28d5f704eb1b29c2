"""The kinds of practice question: for a case, the right answer according to the core, and the nearest wrong ones.

A wrong answer is one that the core excludes. What is not known yet is neither right nor wrong, so it is not among the
options, except when the question is about what is not known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from dialogs.labels import Labels
from dialogs.suggested import Suggested
from dialogs.words import sections
from guideline import UNDETERMINED, Assessment, Case, Guideline
from guideline.assess import GENERAL, Alternative
from guideline.case import CHOICES
from guideline.facts import ANY_OF, COUNTS
from guideline.values import Values

NEAREST = "nearest"
"""The answer that none of the three patterns fits."""

OPEN = "open"
"""The answer that the counts do not settle the grade."""

_NAMED = 2
"""Facts that are named at most when a wrong test is explained by what it settles."""

_WRONG = 3
"""Wrong options of a question."""

_UNDECIDED = 0.35
"""The probability that "cannot say yet" is among the wrong answers for a case with a headline."""

PREREQUISITES = (
    "primary", "grade", "r0_feasible", "extrahepatic", "fit_for_surgery", "carcinoid_heart_disease",
)  # fmt: skip
"""The prerequisites of resection (§5.1.1), by the fact of each."""

Wrong = tuple[str, str, str]
"""A wrong answer: its id, its text, and why it is wrong."""


@dataclass(frozen=True, slots=True)
class Asked:
    """right, text: the id and the text of the right answer. wrong: the nearest first. explanations: why the right
    answer is right, the longest first. because: the statements behind it. shuffled: whether the options are shuffled,
    and not sorted."""

    subject: str
    question: str
    right: str
    text: str
    wrong: Sequence[Wrong]
    explanations: tuple[str, ...]
    because: tuple[str, ...]
    shuffled: bool = True


class Words:
    """The content, and its parts in the words of questions."""

    def __init__(self, content: Guideline, labels: Labels) -> None:
        self.content, self.labels = content, labels
        self.suggested = Suggested(content.evidence, labels, self.sections)
        self.year = content.evidence.stamp.year

    def __call__(self, path: str, *filling: object) -> str:
        """The label at that path, with its gaps filled."""
        return self.labels(path).format(*filling)

    def ask(self, kind: str) -> str:
        """The question of a kind."""
        return self(f"practice.ask.{kind}", self.year)

    def clauses(self, found: Assessment, facts: Iterable[str]) -> list[str]:
        """What the case says about these facts, which may be derived."""
        return [self._clause(found, fact) for fact in facts]

    def _clause(self, found: Assessment, fact: str) -> str:
        if fact == "headline":
            return self("practice.suggested", self.labels(f"headline.{found.headline}"))
        if fact in ANY_OF:
            return self(f"practice.derived.{fact}")
        return self.labels.clause(fact, found.case.known.get(fact) or found.known[fact])

    def stated(self, id_: str) -> str:
        """A statement with its section."""
        return f"{self.content.evidence.statements[id_].text} [{self.sections([id_])}]"

    def sections(self, ids: Iterable[str]) -> str:
        """The sections of these statements."""
        return sections(self.content.evidence.statements[id_] for id_ in ids)

    def node_because(self, fact: str) -> tuple[str, ...]:
        """The statements behind the edges of the diagram at a fact, each once."""
        nodes = [node for node in self.content.tree.nodes.values() if node.fact == fact]
        return tuple(dict.fromkeys(id_ for node in nodes for edge in node.edges for id_ in edge.because))


Ask = Callable[[Words, Assessment, Random, str], Asked | None]


def _headline(words: Words, found: Assessment, random: Random, want: str) -> Asked | None:
    """What the review suggests; for an undetermined case, that it cannot be said yet."""
    if want not in ("", found.headline):
        return None
    alternatives = _nearest(found, random)
    excluded = [
        (other.headline, words.labels(f"headline.{other.headline}"), _not_here(words, found, other.because_not))
        for other in alternatives
    ]
    if found.headline == UNDETERMINED:
        candidates = list(found.candidates)
        random.shuffle(candidates)
        missing = _list(words.labels(f"fact.{fact}") for fact in found.needed)
        possible = [
            (id_, words.labels(f"headline.{id_}"), words("practice.why.possible", missing)) for id_ in candidates
        ]
        still = _list(words.labels(f"headline.{id_}") for id_ in found.candidates)
        explanations = (
            words("practice.explain.undetermined", missing, still),
            words("practice.explain.undetermined-short", missing),
        )
        because = tuple(dict.fromkeys(id_ for item in found.workup for id_ in item.get))
        return Asked(
            UNDETERMINED,
            words.ask("headline"),
            UNDETERMINED,
            words("practice.undetermined"),
            [*possible, *excluded],
            (*explanations, words("practice.explain.undetermined-shortest")),
            because,
        )
    wrong: list[Wrong] = excluded
    if random.random() < _UNDECIDED:
        wrong = [*excluded[:2], (UNDETERMINED, words("practice.undetermined"), words("practice.why.decided"))]
    clauses = words.clauses(found, _deciding(found))
    name, places = words.labels(f"headline.{found.headline}"), words.sections(found.carrying)
    fuller = tuple(
        words("practice.explain.headline", words.year, name, "; ".join(clauses[:shown]), places)
        for shown in range(len(clauses), 0, -1)
    )
    short = words("practice.explain.headline-short", words.year, name, places)
    return Asked(
        found.headline,
        words.ask("headline"),
        found.headline,
        name,
        wrong,
        (*fuller, short),
        tuple(dict.fromkeys((*found.carrying, *found.headline_because))),
    )


def _nearest(found: Assessment, random: Random) -> list[Alternative]:
    """The excluded headlines: those with the fewest facts against them first; among equals, those that a single change
    of the case leads to."""
    by_one_change = {change.headline for change in found.changes}
    return sorted(
        found.alternatives,
        key=lambda other: (len(other.because_not), other.headline not in by_one_change, random.random()),
    )


def _deciding(found: Assessment) -> list[str]:
    """The known facts whose change would change the headline, the last on the path first. For a derived fact, the facts
    that it follows from."""
    changing = {change.fact for change in found.changes}
    order = {step.node.fact: place for place, step in enumerate(found.way)}
    deciding = sorted(changing, key=lambda fact: (-order.get(fact, -1), fact))
    # When several facts say the same, no single change matters.
    return deciding or [step.node.fact for step in found.way if step.edge]


def _adjunct(words: Words, found: Assessment, random: Random, want: str) -> Asked | None:
    """What comes with the headline."""
    adjuncts = [id_ for id_ in found.adjuncts if id_ != _ALWAYS]
    if not adjuncts or want not in ("", *adjuncts):
        return None
    id_ = want or random.choice(adjuncts)
    because = found.adjunct_because(id_)
    names = dict.fromkeys(words.suggested.adjunct_name(found, id_, brief=brief) for brief in (False, True))
    unmet = [one for failed in found.transplant_failed for one in found.criterion_because(failed)]
    rests = dict.fromkeys((*because, *(unmet if id_ == "transplant-for-hormones" else ())))
    whole = [f"{name} [{words.sections(rests)}]" for name in names]
    said = [words.stated(because[0]), *whole] if len(because) == 1 else whole
    if id_ == "transplant-for-hormones" and found.transplant_failed:  # many names may be too long for a poll
        said.append(f"{words(f'practice.adjunct.{id_}')}; {words('transplant.not-eligible')}")
    named = {rule.id: words(f"practice.adjunct.{rule.id}") for rule in words.content.rules.adjuncts}
    return _of_rules(words, found, random, "adjunct", id_, named, said, because)


def _caveat(words: Words, found: Assessment, random: Random, want: str) -> Asked | None:
    """What has to be known before the headline is read."""
    if not found.caveats or want not in ("", *found.caveats):
        return None
    id_ = want or random.choice(found.caveats)
    because = found.caveat_because(id_)
    said = [f"{words.labels(f'caveat.{id_}')} [{words.sections(because)}]"]
    named = {rule.id: words(f"practice.caveat.{rule.id}") for rule in words.content.rules.caveats}
    return _of_rules(words, found, random, "caveat", id_, named, said, because)


def _of_rules(
    words: Words,
    found: Assessment,
    random: Random,
    kind: str,
    id_: str,
    named: Mapping[str, str],
    said: Sequence[str],
    because: tuple[str, ...],
) -> Asked | None:
    """The question which rule of a kind holds. Wrong answers are rules that cannot hold, whatever becomes known.

    named: all rules of the kind, with their texts. said: explanations of the right one.
    """
    against = {other: found.excluding(other) for other in named}
    wrong_here = [other for other in named if against[other] and not _is_akin(found, other, against[other])]
    excluded = sorted(wrong_here, key=lambda other: (len(against[other]), random.random()))
    if len(excluded) < _WRONG:
        return None
    wrong = [(other, named[other], _not_here(words, found, against[other])) for other in excluded]
    return Asked(id_, words.ask(kind), id_, named[id_], wrong, (*said, named[id_]), because)


_OPERATION = ("resection", "resection-one-step", "resection-two-step")
_NO_OPERATION = ("ablation-embolisation", "multimodal-nonsurgical")

_ALWAYS = "mdt"
"""The adjunct of every case: as an option it would always be right."""

_AKIN: Mapping[str, tuple[str, ...]] = {
    "combine-ablation": ("resection", *_NO_OPERATION),
    "resect-primary": _NO_OPERATION,
    "same-operation-as-primary": _OPERATION,
    "portal-vein-embolisation": _OPERATION,
    "one-step-low-risk": ("resection-one-step",),
    "sequential-approach": ("resection-two-step", "multimodal-nonsurgical"),
    "ablation-uncertain-over-3cm": ("resection", "multimodal-nonsurgical"),
    "ablation-unsuitable-over-5cm": ("resection", "multimodal-nonsurgical"),
}
"""Adjuncts, each with headlines that exclude it but mean nearly the same or leave it open to argument. There the
adjunct is not used as a wrong answer."""

_OPEN_TO_MORE = ("debulking", "optimise-heart-first", UNDETERMINED)
"""Headlines with which, or after which, an operation with its adjuncts may take place."""

_TOO_LARGE = {"ablation-uncertain-over-3cm": "ablation-unsuitable-over-5cm"}
"""An adjunct that is not used as a wrong answer beside the other one, which says more."""


def _is_akin(found: Assessment, id_: str, against: tuple[str, ...]) -> bool:
    """Whether an excluded adjunct could still be argued for, so that it is no clear wrong answer."""
    if _TOO_LARGE.get(id_) in found.adjuncts:
        return True
    return against == ("headline",) and found.headline in (*_OPEN_TO_MORE, *_AKIN.get(id_, ()))


def _grade(words: Words, found: Assessment, random: Random, want: str) -> Asked | None:
    """The grade by the counts (§2), or that they do not settle it."""
    counts = [count for count in COUNTS if count in found.case.known]
    if not counts:
        return None
    grades = found.known["grade"]
    right = str(next(iter(grades))) if grades.single else OPEN
    if want not in ("", right):
        return None
    statements = words.content.evidence.statements
    because = tuple(id_ for id_ in words.node_because("grade") if statements[id_].section == _GRADES_SECTION)
    said = _list(words.clauses(found, counts))
    short = words("practice.explain.grade-open" if right == OPEN else "practice.explain.grade-settled", said, right)
    ids = [*words.content.bands["ki67"], OPEN]
    texts = {id_: words("practice.grade-open") if id_ == OPEN else str(id_) for id_ in ids}
    wrong = [(str(id_), texts[id_], short) for id_ in ids if id_ != right]
    shown = (f"{short} [{words.sections(because)}]", short)
    return Asked(right, words.ask("grade"), right, texts[right], wrong, shown, because, shuffled=False)


def _pattern(words: Words, found: Assessment, random: Random, want: str) -> Asked | None:
    """The pattern of the liver metastases (§3), or that none of the three describes it."""
    pattern = found.known.get("pattern")
    if pattern is None or not pattern.single:
        return None
    right = NEAREST if "pattern-nearest" in found.caveats else str(next(iter(pattern)))
    if want not in ("", right):
        return None
    statements = {"I": "type-i", "II": "type-ii", "III": "type-iii"}
    described = {id_: words.stated(statement) for id_, statement in statements.items()}
    described[NEAREST] = words("practice.why.pattern-nearest")
    texts = {id_: words(f"practice.pattern.{id_}") for id_ in described}
    because = found.caveat_because("pattern-nearest") if right == NEAREST else (statements[right],)
    wrong = [(id_, texts[id_], described[id_]) for id_ in described if id_ != right]
    if right != NEAREST:
        wrong.sort(key=lambda one: one[0] == NEAREST)
    explanation = words("practice.explain.pattern-nearest") if right == NEAREST else described[right]
    return Asked(right, words.ask("pattern"), right, texts[right], wrong, (explanation,), because, shuffled=False)


def _prerequisite(words: Words, found: Assessment, random: Random, want: str) -> Asked | None:
    """The only prerequisite of resection that is not met (§5.1.1)."""
    against = [other.because_not for other in found.alternatives if _is_resection(other.headline)]
    single = {facts[0] for facts in against if len(facts) == 1} & {*PREREQUISITES, "differentiation"}
    if len(single) != 1:
        return None
    (fact,) = single
    without = {name: known for name, known in found.case.known.items() if name not in (fact, *_SAME.get(fact, ()))}
    if not any(map(_is_resection, words.content.assess(Case(without)).candidates)):
        return None  # another one is not met either
    subject = "grade" if fact == "differentiation" else fact
    if want not in ("", subject):
        return None
    said = {*found.case.known, *(("grade",) if found.known["grade"].within(_WELL) else ())}
    met = [other for other in PREREQUISITES if other != subject and other in said]
    random.shuffle(met)
    wrong = [
        (other, words(f"practice.prerequisite.{other}"), words("practice.why.met", _met(words, found, other)))
        for other in met
    ]
    because = _PREREQUISITE_BECAUSE[subject]
    text = words(f"practice.prerequisite.{subject}")
    short = words("practice.explain.prerequisite", _met(words, found, subject), words.sections(because))
    return (
        Asked(subject, words.ask("prerequisite"), subject, text, wrong, (short,), because)
        if len(wrong) >= _WRONG
        else None
    )


_SAME: Mapping[str, tuple[str, ...]] = {"grade": ("differentiation",), "differentiation": ("grade",)}
"""Facts that say the same about a prerequisite."""

_GRADES_SECTION = "2"
"""The section of the review about the grades."""

_WELL = Values({"G1", "G2"})
"""The grades that are well differentiated (§2)."""

_PREREQUISITE_BECAUSE: Mapping[str, tuple[str, ...]] = {
    "primary": ("prerequisite-primary",),
    "grade": ("prerequisite-differentiation", "g3-not-for-resection"),
    "r0_feasible": ("prerequisite-r0",),
    "extrahepatic": ("prerequisite-extrahepatic",),
    "fit_for_surgery": ("prerequisite-fitness",),
    "carcinoid_heart_disease": ("prerequisite-heart",),
}


def _met(words: Words, found: Assessment, fact: str) -> str:
    return words.clauses(found, (fact,))[0]


def _is_resection(headline: str) -> bool:
    return headline.startswith("resection")


def _criterion(words: Words, found: Assessment, random: Random, want: str) -> Asked | None:
    """The only transplant criterion that is not met (§5.4, §6)."""
    if found.transplant is None:
        return None
    criteria = found.transplant.criteria
    failed = [id_ for id_, state in criteria.items() if state == "not met"]
    met = [id_ for id_, state in criteria.items() if state == "met"]
    if len(failed) != 1 or want not in ("", *failed):
        return None
    random.shuffle(met)
    because = {rule.id: rule.because for rule in words.content.rules.criteria}[failed[0]]
    wrong = [(id_, words.labels(f"criterion.{id_}"), words("practice.why.criterion-met")) for id_ in met]
    text = words.labels(f"criterion.{failed[0]}")
    if len(wrong) < _WRONG:
        return None
    said = words.stated(because[0]), text
    return Asked(failed[0], words.ask("criterion"), failed[0], text, wrong, said, because)


def _missing(words: Words, found: Assessment, random: Random, want: str) -> Asked | None:
    """The missing fact that can still change the headline."""
    if found.headline != UNDETERMINED or want not in ("", *found.needed):
        return None
    subject = want or random.choice(found.needed)
    others = [fact for fact in found.tree_facts if fact not in found.needed]
    random.shuffle(others)
    others.sort(key=lambda fact: fact in found.case.known)  # facts that are missing too are more tempting
    wrong = [(fact, words.labels(f"fact-name.{fact}"), _not_missing(words, found, fact)) for fact in others]
    because = words.content.workup[subject].get
    still = _list(words.labels(f"headline.{id_}") for id_ in found.candidates)
    name = words.labels(f"fact-name.{subject}")
    explanations = words("practice.explain.missing", name, still), words("practice.explain.missing-short", name)
    return (
        Asked(subject, words.ask("missing"), subject, name, wrong, explanations, because)
        if len(wrong) >= _WRONG
        else None
    )


def _not_missing(words: Words, found: Assessment, fact: str) -> str:
    if fact in found.case.known or (fact == "grade" and found.known["grade"].single):
        return words("practice.why.known", words.clauses(found, (fact,))[0])
    return words("practice.why.cannot-change")


def _test(words: Words, found: Assessment, random: Random, want: str) -> Asked | None:
    """The test that the review names for a missing fact (§4), or one that belongs to every work-up."""
    if found.headline != UNDETERMINED or want not in ("", GENERAL, *found.needed):
        return None
    workup = words.content.workup
    subject = want or random.choice(found.needed)
    right = random.choice(workup[subject].get)
    settling: dict[str, list[str]] = {}
    for item in workup.values():
        if not set(item.get) & set(workup[subject].get):
            for id_ in item.get:
                settling.setdefault(id_, []).append(item.fact)
    wrong: list[Wrong] = []
    for id_, facts in settling.items():
        named = [words.labels(f"fact-name.{fact}") for fact in facts[:_NAMED] if fact != GENERAL]
        why = words("practice.why.settles", _list(named)) if named else words("practice.why.general")
        wrong.append((id_, words.labels(f"get.{id_}"), why))
    random.shuffle(wrong)
    question = words("practice.ask.test-general")
    if subject != GENERAL:
        question = words("practice.ask.test", words.labels(f"fact-name.{subject}"), words.year)
    text = words.labels(f"get.{right}")
    said = words.stated(right), f"{text} [{words.sections([right])}]"
    return Asked(subject, question, right, text, wrong, said, (right,)) if len(wrong) >= _WRONG else None


def _not_here(words: Words, found: Assessment, facts: Iterable[str]) -> str:
    named = [fact for fact in facts if fact != "headline" or found.headline != UNDETERMINED]
    return words("practice.why.not-here", "; ".join(words.clauses(found, named)))


def _list(parts: Iterable[str]) -> str:
    return ", ".join(parts)


ASK: Mapping[str, Ask] = {
    "headline": _headline,
    "adjunct": _adjunct,
    "caveat": _caveat,
    "grade": _grade,
    "pattern": _pattern,
    "prerequisite": _prerequisite,
    "criterion": _criterion,
    "missing": _missing,
    "test": _test,
}
"""By kind, a function from a case and the wanted subject (empty: any) to the question; None when it cannot be asked
about that case."""


def subjects(content: Guideline, kind: str) -> tuple[str, ...]:
    """The subjects that questions of a kind can have, by the names of the content."""
    rules = content.rules
    ids: Mapping[str, Iterable[str]] = {
        "headline": (*content.tree.headlines, UNDETERMINED),
        "adjunct": (rule.id for rule in rules.adjuncts if rule.id != _ALWAYS),
        "caveat": (rule.id for rule in rules.caveats),
        "grade": (*content.bands["ki67"], OPEN),
        "pattern": (*map(str, CHOICES["pattern"]), NEAREST),
        "prerequisite": PREREQUISITES,
        "criterion": (rule.id for rule in rules.criteria),
        "missing": content.tree.facts,
        "test": content.workup,
    }
    return tuple(ids[kind])
