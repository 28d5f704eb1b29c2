"""The pictures: laid out from the guideline's data and rendered with SVG templates, each with its caption."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, partial

import resvg_py
from jinja2 import Environment

from dialogs.cards import newer_notes, newer_on_card
from dialogs.drawing import case_way, lettering, livers, outcome_plot, pocket_card
from dialogs.drawing.flowchart import Flowchart
from dialogs.drawing.paper import pdf_of
from dialogs.drawing.route import route
from dialogs.drawing.sheet import MARGIN, SMALL, TITLE, WIDTH, Art, Box, Line, Mark, Sheet, Text
from dialogs.labels import Labels
from dialogs.papers import in_short
from dialogs.reported import heading, parts
from dialogs.suggested import NO_ROUTE, Suggested
from dialogs.view import Attachment
from dialogs.words import sections
from guideline import UNDETERMINED, Assessment, Guideline

_FONTS = [str(lettering.REGULAR), str(lettering.BOLD)]


@dataclass(frozen=True)
class Picture:
    """A picture with its caption.

    key: the same for the same pixels, 32 characters. caption: plain text of at most 1024 UTF-16 units, without special
    characters of HTML. png: drawn when first used.
    """

    key: str
    svg: str
    caption: str
    file_name: str

    @cached_property
    def png(self) -> bytes:
        return png_of(self.svg)


def _attached(picture: Picture) -> Attachment:
    return Attachment(picture.key, picture.file_name, picture.caption, partial(png_of, picture.svg))


def png_of(svg: str) -> bytes:
    """The picture as PNG. This takes some tenths of a second, during which other threads wait."""
    return resvg_py.svg_to_bytes(
        svg_string=svg, skip_system_fonts=True, font_files=_FONTS, font_family=lettering.FAMILY
    )


class Painter:
    """Draws the pictures. Raises jinja2.TemplateError or KeyError where words are missing. templates: as
    `words.environment` makes them.
    """

    def __init__(self, content: Guideline, templates: Environment) -> None:
        self._guideline, self._evidence, self._env = content, content.evidence, templates
        self._labels = Labels(content)
        self._suggested = Suggested(
            self._evidence, self._labels, lambda ids: sections(self._evidence.statements[id_] for id_ in ids)
        )

    def of_everyone(self, name: str) -> Attachment | None:
        """The attachment `patterns`, `pocket` or `pocket-pdf`; None for another name."""
        if name == "patterns":
            return _attached(self.patterns())
        if name == "pocket":
            return _attached(self.pocket_card())
        return self.pocket_card_pdf() if name == "pocket-pdf" else None

    def of_case(self, name: str, found: Assessment) -> Attachment | None:
        """The attachment `case`, `algorithm` or `outcomes` for the case; None for another name, or when there is
        nothing to show."""
        if name == "case":
            return _attached(self.case(found))
        if name == "algorithm":
            return _attached(self.algorithm(found))
        picture = self.outcomes(found) if name == "outcomes" else None
        return _attached(picture) if picture else None

    def algorithm(self, found: Assessment) -> Picture:
        """The whole diagram with the path of the case highlighted, its answers, and what is still open."""
        return self._picture("algorithm", self.algorithm_sheet(found), {"a": found})

    def case(self, found: Assessment) -> Picture:
        """The path of the case alone, with the adjuncts and the transplant criteria."""
        return self._picture("case", self.case_sheet(found), {"a": found})

    def patterns(self) -> Picture:
        """The three patterns of §3 as drawings."""
        types = [(name, f"type-{name.lower()}") for name in ("I", "II", "III")]
        return self._picture(
            "patterns", self.patterns_sheet(), {"types": types, "statements": self._evidence.statements}
        )

    def outcomes(self, found: Assessment) -> Picture | None:
        """The reported outcomes of the headline, each on its scale; None when there are no figures."""
        sheet = self.outcomes_sheet(found)
        if sheet is None:
            return None
        return self._picture("outcomes", sheet, {"a": found})

    def pocket_card(self) -> Picture:
        """The whole algorithm on one page."""
        return self._picture("pocket", self.pocket_sheet(), {})

    def pocket_card_pdf(self) -> Attachment:
        """The pocket card as a PDF of one A4 page, with real text."""
        card = self.pocket_card()
        draw = partial(pdf_of, card.svg, self._labels("picture.pocket"))
        return Attachment(f"{card.key}-pdf", card.file_name.replace(".png", ".pdf"), card.caption, draw, as_file=True)

    def algorithm_sheet(self, found: Assessment) -> Sheet:
        """The layout of `algorithm`."""
        sheet = Sheet()
        if found.headline == UNDETERMINED:
            sheet.paragraph(self._labels("picture.undetermined"), TITLE, True)
        else:
            star = "*" if found.headline in self._guideline.doubtful else ""
            sheet.paragraph(self._suggested.sentence(found, self._labels("picture.source")) + star, TITLE, True)
        for caveat in found.caveats:
            sheet.panel(self._labels("picture.caveat", self._labels(f"caveat.{caveat}")))
        self._legend(sheet, found)
        self._chart(found).draw(sheet)
        sheet.y += 18
        self._foot(sheet, uncertain=True)
        return sheet

    def _chart(self, found: Assessment | None) -> Flowchart:
        tree, doubtful = self._guideline.tree, self._guideline.doubtful
        known, suggested = (found.known, self._suggested.name(found)) if found else ({}, "")
        return Flowchart(tree, doubtful, self._labels, route(tree, found), known, suggested)

    def _legend(self, sheet: Sheet, found: Assessment) -> None:
        x, y = float(MARGIN), sheet.y
        for state in ("lit", "open", "off") if found.headline == UNDETERMINED else ("lit", "off"):
            middle = y + SMALL * 0.62
            sheet.add(Line(((x, middle), (x + 70, middle)), state))
            if state == "lit":
                sheet.add(Mark(x + 96, middle, "tick", "ink"))
            elif state == "open":
                sheet.add(Text(x + 88, round(y + lettering.ASCENT * SMALL, 1), "?", SMALL, True))
            words = self._labels(f"picture.{state}")
            after = x + (84 if state == "off" else 118)
            sheet.words(words, after, y, WIDTH, SMALL)
            x = after + lettering.width(words, SMALL) + 44
        sheet.y = y + SMALL * lettering.LEADING + 22

    def _foot(self, sheet: Sheet, *, uncertain: bool = False) -> None:
        if uncertain:
            sheet.paragraph(self._labels("picture.uncertain"), SMALL, role="ink", after=2)
        sheet.paragraph(self._env.get_template("pictures/stamp.txt.j2").render(), SMALL, role="soft", after=0)

    def case_sheet(self, found: Assessment) -> Sheet:
        """The layout of `case`."""
        sheet = Sheet()
        tree, doubtful = self._guideline.tree, self._guideline.doubtful
        case_way.draw(sheet, found, tree, doubtful, self._suggested, self._newer(found))
        self._foot(sheet)
        return sheet

    def _newer(self, found: Assessment) -> tuple[str, list[str]]:
        """The newer sources that the card of the case may name, a line each, and a heading that tells of how many."""
        notes = newer_notes(self._evidence, found)
        shown = newer_on_card(found, notes)
        which = "newer-all" if len(shown) == len(notes) else "newer-some"
        above = self._labels(f"picture.{which}").format(len(shown), len(notes))
        differing = [f"{self._suggested.differs(found, id_)} [{in_short(self._evidence.notes[id_])}]" for id_ in shown]
        return above, [self._labels("picture.item", line) for line in differing]

    def patterns_sheet(self) -> Sheet:
        """The layout of `patterns`."""
        sheet = Sheet()
        livers.draw(sheet, self._evidence, self._labels)
        elsewhere = self._labels("elsewhere.types", str(self._evidence.notes["type-naming"].sources[0].year))
        sheet.paragraph(f"{self._labels('picture.patterns-note')} {elsewhere}.", SMALL, after=2)
        self._foot(sheet)
        return sheet

    def outcomes_sheet(self, found: Assessment) -> Sheet | None:
        """The layout of `outcomes`, or None."""
        bars = found.reported
        if not bars or found.headline == UNDETERMINED:  # bars of several headlines side by side would compare them
            return None
        sheet = Sheet()
        outcome_plot.draw(
            sheet,
            self._suggested.name(found),
            {heading(part, found, self._labels): part.figures for part in parts(found, bars, self._evidence)},
            self._evidence,
            self._labels,
            covered=NO_ROUTE not in found.caveats,
        )
        self._foot(sheet)
        return sheet

    def pocket_sheet(self) -> Sheet:
        """The layout of `pocket_card`. Raises ValueError when its content does not fit an A4 page."""
        stamp = self._env.get_template("pictures/stamp.txt.j2").render()
        return pocket_card.sheet(self._guideline, partial(self._chart, None), self._labels, stamp)

    def _picture(self, name: str, sheet: Sheet, context: Mapping[str, object]) -> Picture:
        shapes = {
            "lines": sheet.of(Line), "boxes": sheet.of(Box), "arts": sheet.of(Art),
            "marks": sheet.of(Mark), "texts": sheet.of(Text),
        }  # fmt: skip
        svg = self._env.get_template("pictures/sheet.svg.j2").render(
            width=sheet.wide, height=sheet.height, family=lettering.FAMILY, **shapes
        )
        caption = self._env.get_template(f"pictures/{name}.txt.j2").render(context).strip()
        drawn_by = f"{resvg_py.__resvg_version__}\n{svg}"
        key = hashlib.sha256(drawn_by.encode()).hexdigest()[:32]
        return Picture(key, svg, caption, f"{name}-{self._evidence.stamp.version}.png")
