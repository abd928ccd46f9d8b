"""Cleaning pictures: drawn anew from their pixels, upright, without EXIF, place and comments."""

import io
import struct
from pathlib import Path
from typing import Any

from PIL import (
    Image,
    ImageCms,
    ImageOps,
    JpegImagePlugin,
    PngImagePlugin,
    UnidentifiedImageError,
    WebPImagePlugin,
)

from .verdicts import Refused

MAX_PIXELS = 50_000_000
JPEG_QUALITY = 90
# These decoders and no others; naming them here is also what loads them.
DECODERS = (JpegImagePlugin, PngImagePlugin, WebPImagePlugin)
FORMATS = ("JPEG", "PNG", "WEBP")
_GPS_IFD = 0x8825
_GPS_WORDS = (b"GPSLatitude", b"GPSLongitude")
# Pillow's own limit would raise before ours can say how large the picture is.
Image.MAX_IMAGE_PIXELS = None


def clean_image(source: Path, target: Path) -> dict[str, object]:
    """Write a clean JPEG or PNG and return what is known of it.

    The size is read from the header and checked before a single pixel is decoded.
    Raises: Refused.
    """
    try:
        with Image.open(source, formats=FORMATS) as image:
            _check_pixels(image)
            had_location = _has_location(image)
            had_metadata = bool(image.getexif()) or bool(image.info.get("comment"))
            upright = _decoded(image)
            media_type = _write(upright, image.format or "", target)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, struct.error) as error:
        raise Refused("image_broken") from error
    except Image.DecompressionBombError as error:
        raise Refused("image_too_many_pixels", megapixels="5,000超") from error
    removed = [
        word
        for word, is_there in (("location", had_location), ("metadata", had_metadata))
        if is_there
    ]
    return {
        "media_type": media_type,
        "width_px": upright.width,
        "height_px": upright.height,
        "had_location": had_location,
        "removed": removed,
    }


def _check_pixels(image: Image.Image) -> None:
    pixels = image.width * image.height
    if pixels > MAX_PIXELS:
        raise Refused("image_too_many_pixels", megapixels=f"{pixels // 10_000:,}")


def _has_location(image: Image.Image) -> bool:
    """Return whether the picture says where it was taken, in EXIF or XMP."""
    try:
        if image.getexif().get_ifd(_GPS_IFD):
            return True
    except (ValueError, TypeError, KeyError, SyntaxError, struct.error):
        # Broken EXIF may hide a place; saying so is the safer mistake.
        return True
    xmp = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp") or b""
    text = xmp.encode() if isinstance(xmp, str) else bytes(xmp)
    return any(word in text for word in _GPS_WORDS)


def _decoded(image: Image.Image) -> Image.Image:
    """Return the first frame upright, in sRGB and in a mode that the output can hold."""
    image.seek(0)
    image.load()
    profile = image.info.get("icc_profile")
    upright = ImageOps.exif_transpose(image)
    if upright.mode in {"I;16", "I;16B", "I"}:
        return upright
    has_alpha = upright.mode in {"RGBA", "LA", "PA"} or "transparency" in upright.info
    wanted = "RGBA" if has_alpha else ("L" if upright.mode in {"1", "L"} else "RGB")
    if profile and not has_alpha:
        upright = _to_srgb(upright, profile)
    return upright if upright.mode == wanted else upright.convert(wanted)


def _to_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """Keep the colours when the profile goes; a broken profile is ignored."""
    if image.mode not in {"RGB", "CMYK", "L"}:
        return image
    try:
        changed: Any = ImageCms.profileToProfile(
            image,
            ImageCms.ImageCmsProfile(io.BytesIO(profile)),
            ImageCms.createProfile("sRGB"),
            outputMode="L" if image.mode == "L" else "RGB",
        )
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image
    return changed if isinstance(changed, Image.Image) else image


def _write(image: Image.Image, source_format: str, target: Path) -> str:
    lossless = source_format == "PNG" or image.mode not in {"RGB", "L"}
    # A picture without history: nothing but mode, size and pixels goes over.
    bare = Image.frombytes(image.mode, image.size, image.tobytes())
    if lossless:
        bare.save(target, format="PNG", optimize=False)
        return "image/png"
    bare.save(target, format="JPEG", quality=JPEG_QUALITY, optimize=False)
    return "image/jpeg"
