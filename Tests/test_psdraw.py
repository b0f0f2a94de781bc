"""PSDraw: what is written. (The procedures of the prologue are our own.)"""

from __future__ import annotations

import io

import pytest

from PIL import Image, PSDraw


def test_document() -> None:
    out = io.BytesIO()
    ps = PSDraw.PSDraw(out)
    ps.begin_document("x")
    ps.setfont("Helvetica", 10)
    ps.setfont("Helvetica", 12)
    ps.line((1, 2), (3, 4))
    ps.rectangle((1, 2, 3, 4))
    ps.text((5, 6), "a(b)")
    ps.image((10, 20, 110, 70), Image.new("L", (3, 2)), 75)
    ps.image((0, 0, 1, 1), Image.new("RGB", (300, 20)))
    ps.end_document()
    before, after = out.getvalue().split(b"%%EndProlog\n")
    assert before.startswith(b"%!PS-Adobe-3.0\nsave\n/showpage { } def\n%%EndComments\n")
    assert after.startswith(
        b"/PSDraw-Helvetica ISOLatin1Encoding /Helvetica E\n"
        b"/F0 10 /PSDraw-Helvetica F\n/F0 12 /PSDraw-Helvetica F\n"
        b"1 2 3 4 Vl\n1 2 M 0 3 4 Vr\n5 6 M (a\\(b\\)) S\n"
        b"gsave\n58.560000 44.040000 translate\n0.960000 0.960000 scale\ngsave\n"
    )
    assert b"0.000000 0.466667 translate\n0.003333 0.003333 scale\n" in after
    assert after.endswith(b"\ngrestore\n%%EndDocument\nrestore showpage\n%%End\n")


def test_image_modes() -> None:
    with pytest.raises(ValueError, match="not supported"):
        PSDraw.PSDraw(io.BytesIO()).image((0, 0, 9, 9), Image.new("1", (1, 1)))
