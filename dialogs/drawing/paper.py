"""A picture in the shape of an A4 page as a PDF of one page, with real text and the font embedded."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO

from dialogs.drawing import lettering

A4 = (595.28, 841.89)
"""Width and height in points."""


def pdf_of(svg: str, title: str) -> bytes:
    """The PDF. The same picture gives the same bytes, so its date of creation is always 1970-01-01."""
    from fpdf import FPDF  # it imports an imaging library, and most processes never make a PDF

    paper = FPDF(unit="pt", format="a4")
    paper.set_creation_date(datetime.fromtimestamp(0, UTC))
    paper.set_title(title)
    paper.set_lang("en")
    paper.set_margin(0)
    paper.set_auto_page_break(False)
    paper.add_font(lettering.FAMILY, "", lettering.REGULAR)
    paper.add_font(lettering.FAMILY, "B", lettering.BOLD)
    paper.add_page()
    paper.set_font(lettering.FAMILY)
    paper.image(BytesIO(svg.encode()), 0, 0, *A4)
    return bytes(paper.output())
