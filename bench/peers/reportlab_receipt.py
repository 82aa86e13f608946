"""The receipt set by reportlab, which writes neither PDF/A nor tags: CPU seconds of each."""

import time
from base64 import b64decode, b64encode
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape

from answering import answer
from reportlab.lib.enums import TA_CENTER, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import HRFlowable, Image, Paragraph, SimpleDocTemplate, Spacer, Table

FONTS = Path(__file__).parents[2] / "templates" / "documents" / "fonts"
for face in ("Regular", "Bold", "Italic", "BoldItalic"):
    pdfmetrics.registerFont(TTFont(f"Tinos-{face}", str(FONTS / f"Tinos-{face}.ttf")))
pdfmetrics.registerFontFamily(
    "Tinos-Regular", normal="Tinos-Regular", bold="Tinos-Bold", italic="Tinos-Italic", boldItalic="Tinos-BoldItalic"
)
BODY = ParagraphStyle("body", fontName="Tinos-Regular", fontSize=12.5, leading=15.5, spaceAfter=2.5)
CENTRED = ParagraphStyle("centred", BODY, alignment=TA_CENTER, spaceAfter=0)
TITLE = ParagraphStyle("title", CENTRED, fontName="Tinos-Bold", fontSize=14, leading=17.5, spaceBefore=12)
SMALL = ParagraphStyle("small", BODY, fontSize=11, leading=14.3)
CODE = ParagraphStyle("code", BODY, fontName="Tinos-Bold", fontSize=15, leading=18, spaceAfter=0)
CELL = ParagraphStyle("cell", BODY, fontSize=12, leading=15, spaceAfter=0)
CELL_HEAD = ParagraphStyle("cell head", CELL, fontName="Tinos-Bold", alignment=TA_CENTER)
FIGURE = ParagraphStyle("figure", CELL, alignment=TA_CENTER)
MONEY = ParagraphStyle("money", CELL, alignment=TA_RIGHT)
WIDTH = A4[0] - 45 * mm
GRID = [
    ("GRID", (0, 0), (-1, -1), 0.5, "black"),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("TOPPADDING", (0, 0), (-1, -1), 3),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
    ("LEFTPADDING", (0, 0), (-1, -1), 4),
    ("RIGHTPADDING", (0, 0), (-1, -1), 4),
]
PLAIN = [
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LEFTPADDING", (0, 0), (0, -1), 0),
    ("RIGHTPADDING", (-1, 0), (-1, -1), 0),
]
BOXED = [("BOX", (0, 0), (-1, -1), 0.75, "black"), ("VALIGN", (0, 0), (-1, -1), "MIDDLE")]


def printed(said: dict) -> bytes:
    target = BytesIO()
    document = SimpleDocTemplate(
        target,
        pagesize=A4,
        topMargin=20 * mm,
        rightMargin=15 * mm,
        bottomMargin=20 * mm,
        leftMargin=30 * mm,
        title=said["title"],
        author=" ".join(said["own"]),
        lang="vi",
    )
    document.build([*head(said), *codes(said), *body(said)])
    return target.getvalue()


def head(said: dict) -> list:
    left = [Paragraph(escape(line), CENTRED) for line in said["above"]]
    left += [Paragraph(f"<b>{escape(line)}</b>", CENTRED) for line in said["own"]]
    left.append(HRFlowable(width=24 * mm, thickness=0.75, color="black", spaceBefore=2, spaceAfter=7, hAlign="CENTER"))
    right = [Paragraph(f"<b>{escape(line)}</b>", CENTRED) for line in said["nation"]]
    right.append(HRFlowable(width=52 * mm, thickness=0.75, color="black", spaceBefore=2, spaceAfter=7, hAlign="CENTER"))
    right.append(Paragraph(f"<i>{escape(said['place_and_day'])}</i>", CENTRED))
    return [
        Table([[left, right]], colWidths=[WIDTH * 0.41, WIDTH * 0.59], style=PLAIN),
        Paragraph(escape(said["title"].upper()), TITLE),
        Paragraph(f"<i>{escape(said['subtitle'])}</i>", CENTRED),
        Spacer(0, 8),
    ]


def codes(said: dict) -> list:
    told = [
        Paragraph("Mã hồ sơ", SMALL),
        Paragraph(escape(said["code"]), CODE),
        Paragraph(f"Mã tra cứu: <b>{escape(said['secret'])}</b>", SMALL),
        Paragraph(escape(said["address"]), SMALL),
    ]
    drawing = Image(BytesIO(b64decode(said["qr"])), 25 * mm, 25 * mm)
    return [Table([[told, drawing]], colWidths=[WIDTH - 32 * mm, 32 * mm], style=BOXED), Spacer(0, 7)]


def body(said: dict) -> list:
    papers = [[Paragraph(escape(name), CELL_HEAD) for name in said["paper_head"]]]
    for number, name, kind, quantity in said["papers"]:
        papers.append(
            [
                Paragraph(number, FIGURE),
                Paragraph(escape(name), CELL),
                Paragraph(escape(kind), CELL),
                Paragraph(quantity, FIGURE),
            ]
        )
    fees = [[Paragraph(escape(name), CELL_HEAD) for name in said["fee_head"]]]
    for name, amount, status in said["fees"]:
        fees.append([Paragraph(escape(name), CELL), Paragraph(amount, MONEY), Paragraph(escape(status), CELL)])
    return [
        *(Paragraph(f"{escape(label)}<b>{escape(value)}</b>", BODY) for label, value in said["facts"]),
        Table(papers, colWidths=[9 * mm, WIDTH - 63 * mm, 34 * mm, 20 * mm], style=GRID, spaceBefore=4, spaceAfter=8),
        Table(fees, colWidths=[WIDTH - 84 * mm, 32 * mm, 52 * mm], style=GRID, spaceBefore=4, spaceAfter=8),
        Paragraph(escape(said["sum"]), SMALL),
        Paragraph("<b>Tiếp theo</b>", ParagraphStyle("heading", BODY, fontSize=13, spaceBefore=8)),
        *(
            Paragraph(f"{escape(before)}<b>{escape(due)}</b>{escape(after)}", BODY)
            for before, due, after in said["next"]
        ),
        *(Paragraph(escape(note), SMALL) for note in said["notes"]),
    ]


def turn(words: list[dict]) -> dict[str, object]:
    seconds, pdf = [], b""
    for one in words:
        started = time.process_time()
        pdf = printed(one)
        seconds.append(time.process_time() - started)
    return {"seconds": seconds, "pdf": b64encode(pdf).decode("ascii")}


answer({"set": turn})
