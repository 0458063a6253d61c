"""A photograph of a paper prescription, as a phone takes it: tilted, on a table, a little soft."""

import io
from pathlib import Path
from random import Random

import reportlab
from PIL import Image, ImageDraw, ImageFilter, ImageFont

SHEET = (900, 1240)
TABLE = (1120, 1480)


def paper(title: str, lines: tuple[str, ...], chance: Random) -> bytes:
    """A JPEG of about 150 kB with the title and the lines written on a sheet."""
    folder = Path(reportlab.__file__).parent / "fonts"
    sheet = Image.new("RGB", SHEET, (250, 249, 244))
    pen = ImageDraw.Draw(sheet)
    pen.text((70, 70), title, font=ImageFont.truetype(str(folder / "VeraBd.ttf"), 34), fill=(30, 36, 60))
    pen.line((70, 130, SHEET[0] - 70, 130), fill=(120, 130, 150), width=2)
    writing = ImageFont.truetype(str(folder / "VeraIt.ttf"), 27)
    for place, line in enumerate(lines):
        shift = chance.randint(-3, 3)
        pen.text((80 + shift, 175 + place * 58 + shift), line, font=writing, fill=(28, 40, 96))
    return _photographed(sheet, chance)


def _photographed(sheet: Image.Image, chance: Random) -> bytes:
    wood = (126 + chance.randint(-12, 12), 92 + chance.randint(-8, 8), 62)
    table = Image.new("RGB", TABLE, wood)
    tilted = sheet.convert("RGBA").rotate(chance.uniform(-3.5, 3.5), expand=True, resample=Image.Resampling.BICUBIC)
    table.paste(tilted, ((TABLE[0] - tilted.width) // 2, (TABLE[1] - tilted.height) // 2), tilted)
    soft = table.filter(ImageFilter.GaussianBlur(0.8))
    out = io.BytesIO()
    soft.save(out, "JPEG", quality=72)
    return out.getvalue()
