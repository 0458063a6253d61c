"""Reads and rewrites pictures. Runs inside the parser process only."""

from __future__ import annotations

import io
from typing import Final

from PIL import (
    GifImagePlugin,
    Image,
    ImageOps,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from healthspace.documents.adapters.fault import Fault

FORMATS: Final = {"jpeg": "JPEG", "png": "PNG", "tiff": "TIFF", "gif": "GIF"}
# Named so that they are loaded before the doors shut. Mpo: the pictures of many phones hold a second one.
PLUGINS: Final = (GifImagePlugin, JpegImagePlugin, MpoImagePlugin, PngImagePlugin, TiffImagePlugin, WebPImagePlugin)
BROKEN: Final = (OSError, ValueError, SyntaxError, EOFError, LookupError, TypeError, ArithmeticError)
WEBP_SIDE: Final = 16_000
QUALITY: Final = 82

Image.MAX_IMAGE_PIXELS = None  # our own limit, an error rather than a warning, set by each ask


def check(content: bytes, kind: str, max_pixels: int, max_pages: int) -> int:
    """Number of pages; a Fault when one is too large, cut off or not readable."""
    with _open(content, kind, max_pixels) as image:
        pages = int(getattr(image, "n_frames", 1)) if kind == "tiff" else 1
        if not 1 <= pages <= max_pages:
            raise Fault("DOC-PAGES")
        try:
            image.draft("RGB", (image.width // 8, image.height // 8))
            image.load()
            for number in range(1, pages):
                image.seek(number)
                _refuse_flood(image, max_pixels)
        except BROKEN:
            raise Fault("DOC-TRUNCATED") from None
        return pages


def page_count(content: bytes, kind: str, max_pixels: int) -> int:
    with _open(content, kind, max_pixels) as image:
        return int(getattr(image, "n_frames", 1)) if kind == "tiff" else 1


def rewritten(content: bytes, kind: str, *, page: int, side: int, max_pixels: int) -> bytes:
    """One page as WebP: upright, at most `side` pixels a side, nothing of the sender's but the pixels."""
    with _open(content, kind, max_pixels) as image:
        try:
            if page > 1:
                image.seek(page - 1)
                _refuse_flood(image, max_pixels)
            image.draft("RGB", (side, side))
            return webp(ImageOps.exif_transpose(image), side)
        except BROKEN:
            raise Fault("DOC-STRUCTURE") from None


def webp(image: Image.Image, side: int) -> bytes:
    """WebP of an image, made smaller to fit, in plain colours, without metadata."""
    image = _plain(image)
    side = min(side, WEBP_SIDE)
    if max(image.size) > side:
        image.thumbnail((side, side), reducing_gap=2.0)
    fresh = Image.new(image.mode, image.size)
    fresh.paste(image)
    out = io.BytesIO()
    fresh.save(out, "WEBP", quality=QUALITY, method=2)
    return out.getvalue()


def _open(content: bytes, kind: str, max_pixels: int) -> Image.Image:
    try:
        image = Image.open(io.BytesIO(content), formats=(FORMATS[kind],))
    except BROKEN:
        raise Fault("DOC-STRUCTURE") from None
    _refuse_flood(image, max_pixels)
    return image


def _refuse_flood(image: Image.Image, max_pixels: int) -> None:
    if image.width * image.height > max_pixels:
        raise Fault("DOC-PIXELS")


def _plain(image: Image.Image) -> Image.Image:
    """RGB or RGBA, whatever came: 16-bit greys are scaled, inks and palettes turned into colours."""
    if image.mode.startswith("I;16") or image.mode == "I":
        return image.point(lambda level: level / 256).convert("L").convert("RGB")
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        return image.convert("RGBA")
    return image.convert("RGB")
