"""Colour management: transforms of all modes, proofs, profiles whole and broken."""

from __future__ import annotations

import io
import itertools
import random
from collections.abc import Iterator
from typing import Any

import icc_files
from common import MODES, PAD_RAWMODES, Area, Case, image, some_size

from PIL import Image, ImageCms

#: The modes that Little CMS has formats for; all others are taken as grey.
TRANSFORM_MODES = ("RGB", "RGBA", "RGBX", "CMYK", "LAB", "YCbCr", "L", "I;16", "I;16B")
#: Modes by the colour space of a profile.
FITTING = {
    "sRGB": ("RGB", "RGBA", "RGBX"),
    "made RGB": ("RGB", "RGBA", "RGBX"),
    "grey": ("L", "I;16", "I;16B", "I;16L", "1", "P", "LA", "I", "F", "HSV"),
    "LAB": ("LAB",),
    "XYZ": ("RGB",),
    "CMYK": ("CMYK",),
    "YCbCr": ("YCbCr",),
}
SINGLE_FLAGS = (0x40, 0x100, 0x200, 0x1000, 0x4000, 0x2000, 0x4, 0x800, 0x80, 0x2, 0x1, 0x10,
                0x8000, 0x04000000, 0x01000000, 0x8, 0x20)  # fmt: skip
METHODS = {"is_intent_supported"}
PROPERTIES = sorted(
    name
    for name in dir(ImageCms.core.CmsProfile)
    if not name.startswith("_") and name not in METHODS
)


def profiles(rng: random.Random) -> dict[str, bytes]:
    made = {
        name: icc_files.dated(ImageCms.ImageCmsProfile(ImageCms.createProfile(name)).tobytes())
        for name in ("sRGB", "LAB", "XYZ")
    }
    return made | {
        "made RGB": icc_files.rgb(rng),
        "grey": icc_files.grey(rng),
        "CMYK": icc_files.tables(rng, b"CMYK", 4),
        "YCbCr": icc_files.tables(rng, b"YCbr", 3),
    }


def opened(data: bytes) -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(io.BytesIO(data))


def shown(im: Image.Image | None) -> Any:
    """An image with the profile in its info, and the fourth bytes of modes that hide them."""
    if im is None:
        return None
    seen = im.copy()
    profile = im.info.get("icc_profile")
    if profile is not None:
        seen.info["icc_profile"] = icc_files.dated(profile)
    return seen, im.tobytes("raw", PAD_RAWMODES[im.mode]) if im.mode in PAD_RAWMODES else None


def some_flags(rng: random.Random) -> Any:
    """Mostly single ones and their unions; a number of grid points that stays small."""
    flags: Any = 0
    for _ in range(rng.choice((0, 0, 1, 1, 2, 3))):
        flags |= rng.choice(SINGLE_FLAGS)
    if rng.random() < 0.1:
        flags |= ImageCms.Flags.GRIDPOINTS(rng.randrange(12))
    return rng.choice((-1, 100663296, 2**40, 1.0, "x", None)) if rng.random() < 0.04 else flags


def some_intent(rng: random.Random) -> Any:
    return rng.choice((-1, 4, True, 1.0, None, "0")) if rng.random() < 0.05 else rng.randrange(4)


def some_mode(rng: random.Random, profile: str) -> Any:
    kind = rng.random()
    if kind < 0.85:
        return rng.choice(FITTING[profile])
    if kind < 0.97:
        return rng.choice(rng.choice((TRANSFORM_MODES, MODES)))
    return rng.choice(("", "X", "RGB;16", 5, None))


def use(transform: ImageCms.ImageCmsTransform, im: Image.Image, how: str, out: Image.Image) -> Any:
    """One of the ways to apply a transform."""
    if how == "new":
        return shown(transform.apply(im))
    if how == "point":
        return shown(im.point(transform))
    if how == "into":
        result = transform.apply(im, out)
        return result is out, shown(out)
    if how == "in place":
        result = transform.apply_in_place(im)
        return result is im, shown(im)
    if how == "applyTransform":
        return shown(ImageCms.applyTransform(im, transform))
    return ImageCms.applyTransform(im, transform, inPlace=True), shown(im)


WAYS = ("new", "new", "point", "into", "in place", "applyTransform", "applyTransform in place")


def some_image(rng: random.Random, mode: Any) -> Image.Image:
    """Of the mode, if it is one; now and then of another."""
    if mode not in MODES or rng.random() < 0.04:
        mode = rng.choice(MODES)
    return image(rng, mode, some_size(rng))


def transforms(rng: random.Random) -> Iterator[Case]:
    """Every pair of profiles in turn, by modes that fit and modes that do not."""
    data = profiles(rng)
    # No mode fits XYZ: Little CMS refuses.
    usable = [name for name in data if name != "XYZ"]
    pairs = [(a, b) for a in usable for b in usable] + [("XYZ", "sRGB"), ("sRGB", "XYZ")]
    number = 0
    while True:
        source, target = pairs[number % len(pairs)]
        number += 1
        modes = some_mode(rng, source), some_mode(rng, target)
        how = rng.choice(WAYS)
        if how.endswith("in place") and rng.random() < 0.9:
            if FITTING[source] != FITTING[target]:
                how = "new"
            else:
                modes = modes[0], modes[0]
        im = some_image(rng, modes[0])
        out = some_image(rng, modes[1])
        if rng.random() < 0.7:
            out = image(rng, out.mode, (im.width + rng.randrange(3), im.height + rng.randrange(3)))
        given: Any = (source, target, *modes, some_intent(rng))
        proof = rng.choice((*[None] * 4, *usable, rng.choice(list(data))))
        proof_intent = rng.choice((0, 1, 2, 3, 3, 9, "x")) if proof else 3
        flags = some_flags(rng)
        if proof and rng.random() < 0.6:
            flags = rng.choice((0x4000, 0x4000 | 0x1000, 0x4000 | 0x2000))

        def call(a: Any = (given, proof, proof_intent, flags, im, how, out)) -> Any:
            (source, target, *how_between), proof, proof_intent, flags, im, how, out = a
            ends = opened(data[source]), opened(data[target])
            if proof:
                transform = ImageCms.buildProofTransform(
                    *ends, opened(data[proof]), *how_between, proof_intent, flags
                )
            else:
                transform = ImageCms.buildTransform(*ends, *how_between, flags)
            return use(transform, im, how, out)

        yield f"{given} {proof} {proof_intent} {flags!r} {im.mode} {im.size} {how} {out.size}", call


def direct(rng: random.Random) -> Iterator[Case]:
    """profileToProfile: in one step, in place or not, with modes left out."""
    data = profiles(rng)
    kinds = list(data)
    while True:
        source, target = rng.choice(kinds), rng.choice(kinds)
        im = some_image(rng, some_mode(rng, source))
        options: dict[str, Any] = {"renderingIntent": some_intent(rng)}
        if source != target or rng.random() < 0.3:
            options["outputMode"] = some_mode(rng, target)
        if rng.random() < 0.3 or FITTING[source] == FITTING[target]:
            options["inPlace"] = True
            if rng.random() < 0.7:
                options["outputMode"] = im.mode
        if rng.random() < 0.3:
            options["flags"] = some_flags(rng)

        def call(a: Any = (source, target, im, options)) -> Any:
            source, target, im, options = a
            ends = io.BytesIO(data[source]), opened(data[target])
            return shown(ImageCms.profileToProfile(im, *ends, **options)), shown(im)

        yield f"{source} {target} {im.mode} {im.size} {options}", call


def read(profile: ImageCms.ImageCmsProfile) -> Any:
    """All that a profile tells: its attributes, texts and intents."""
    found: list[Any] = []
    for name in PROPERTIES:
        try:
            found.append((name, getattr(profile.profile, name)))
        except ValueError as error:
            found.append((name, type(error).__name__))
    for function in ("getProfileName", "getProfileInfo", "getProfileCopyright",
                     "getProfileManufacturer", "getProfileModel", "getProfileDescription",
                     "getDefaultIntent"):  # fmt: skip
        try:
            found.append((function, getattr(ImageCms, function)(profile)))
        except ImageCms.PyCMSError as error:
            found.append((function, str(error)))
    intents = itertools.product(ImageCms.Intent, ImageCms.Direction)
    return found, [ImageCms.isIntentSupported(profile, *each) for each in intents]


def broken(rng: random.Random) -> Iterator[Case]:
    """Profiles whole and damaged: opened, read, saved and used."""
    data = profiles(rng)
    kinds = list(data)
    sample = {mode: image(rng, mode, (9, 4)) for mode in ("RGB", "CMYK", "LAB", "YCbCr", "L")}
    modes = dict(zip(kinds, ("RGB", "LAB", "RGB", "RGB", "L", "CMYK", "YCbCr"), strict=True))
    for name in kinds:
        yield f"read {name}", lambda a=data[name]: read(opened(a))
        yield f"saved {name}", lambda a=data[name]: opened(a).tobytes()
    while True:
        name = rng.choice(kinds)
        how, file = icc_files.damaged(rng, data[name])
        mode = modes[name]

        def apply(a: Any = (file, mode)) -> Any:
            file, mode = a
            target = opened(data["sRGB"])
            transform = ImageCms.buildTransform(opened(file), target, mode, "RGB")
            return shown(transform.apply(sample[mode]))

        yield f"read {name} {how}", lambda a=file: read(opened(a))
        yield f"saved {name} {how}", lambda a=file: opened(a).tobytes()
        yield f"used {name} {how}", apply


AREAS: dict[str, tuple[Area, int]] = {
    "colour transforms": (transforms, 1200),
    "profileToProfile": (direct, 300),
    "colour profiles": (broken, 600),
}
