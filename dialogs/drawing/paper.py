"""A picture as a PDF of one page, its letters as text with the font inside."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO

from dialogs.drawing import lettering

_PAGE_WIDTH = 540.0
"""Points: half a point for each pixel, so that letters print at 15 points and more."""


def pdf_of(svg: str, width: float, height: float, title: str) -> bytes:
    """The picture on a page of its own shape; the same bytes for the same picture, so it is dated with no day."""
    from fpdf import FPDF  # imported here: it brings an imaging library along, and most processes never draw a PDF

    page_height = _PAGE_WIDTH * height / width
    paper = FPDF(unit="pt", format=(_PAGE_WIDTH, page_height))
    paper.set_creation_date(datetime.fromtimestamp(0, UTC))
    paper.set_title(title)
    paper.set_lang("en")
    paper.set_margin(0)
    paper.set_auto_page_break(False)
    paper.add_font(lettering.FAMILY, "", lettering.REGULAR)
    paper.add_font(lettering.FAMILY, "B", lettering.BOLD)
    paper.add_page()
    paper.set_font(lettering.FAMILY)
    paper.image(BytesIO(svg.encode()), 0, 0, _PAGE_WIDTH, page_height)
    return bytes(paper.output())
