"""Colour management with ICC profiles, by Little CMS 2.

A profile says what the numbers of a device's colours mean; a transform, built from two profiles,
turns images of one device into images of the other. The functions that take profiles accept a
file name, a binary file object, an :class:`ImageCmsProfile` or a core profile.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from enum import IntEnum, IntFlag
from functools import reduce
from operator import or_

from . import Image

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, Literal, SupportsFloat, SupportsInt, TypeAlias

    from ._typing import SupportsRead

try:
    from . import _imagingcms as core
except ImportError as ex:
    # Importing the module works without the library; using it does not.
    from ._util import DeferredError

    core = DeferredError.new(ex)

if TYPE_CHECKING:
    _ProfileSource: TypeAlias = "str | SupportsRead[bytes] | core.CmsProfile"
    _AnyProfile: TypeAlias = "_ProfileSource | ImageCmsProfile"

_VERSION = "1.0.0 pil"


class Intent(IntEnum):
    """What a transform preserves of colours that the output cannot show."""

    PERCEPTUAL = 0
    RELATIVE_COLORIMETRIC = 1
    SATURATION = 2
    ABSOLUTE_COLORIMETRIC = 3


class Direction(IntEnum):
    """The use of a profile that :func:`isIntentSupported` asks about."""

    INPUT = 0
    OUTPUT = 1
    PROOF = 2


class Flags(IntFlag):
    """Options of transforms, as Little CMS numbers them."""

    NONE = 0
    NOCACHE = 0x40
    NOOPTIMIZE = 0x100
    NULLTRANSFORM = 0x200
    GAMUTCHECK = 0x1000
    SOFTPROOFING = 0x4000
    BLACKPOINTCOMPENSATION = 0x2000
    NOWHITEONWHITEFIXUP = 0x4
    HIGHRESPRECALC = 0x400
    LOWRESPRECALC = 0x800
    USE_8BITS_DEVICELINK = 0x8
    GUESSDEVICECLASS = 0x20
    KEEP_SEQUENCE = 0x80
    FORCE_CLUT = 0x2
    CLUT_POST_LINEARIZATION = 0x1
    CLUT_PRE_LINEARIZATION = 0x10
    NONEGATIVES = 0x8000
    COPY_ALPHA = 0x04000000
    NODEFAULTRESOURCEDEF = 0x01000000

    _GRIDPOINTS_1 = 1 << 16
    _GRIDPOINTS_2 = 2 << 16
    _GRIDPOINTS_4 = 4 << 16
    _GRIDPOINTS_8 = 8 << 16
    _GRIDPOINTS_16 = 16 << 16
    _GRIDPOINTS_32 = 32 << 16
    _GRIDPOINTS_64 = 64 << 16
    _GRIDPOINTS_128 = 128 << 16

    @staticmethod
    def GRIDPOINTS(n: int) -> Flags:
        """The number of grid points of precalculated tables, 0 to 255 (modulo 256)."""
        return Flags((n & 0xFF) << 16)


_MAX_FLAG = reduce(or_, Flags)

# Names that old programs use.
_FLAGS = {
    "MATRIXINPUT": 1,
    "MATRIXOUTPUT": 2,
    "MATRIXONLY": 1 | 2,
    "NOWHITEONWHITEFIXUP": 4,
    "NOPRELINEARIZATION": 16,
    "GUESSDEVICECLASS": 32,
    "NOTCACHE": 64,
    "NOTPRECALC": 256,
    "NULLTRANSFORM": 512,
    "HIGHRESPRECALC": 1024,
    "LOWRESPRECALC": 2048,
    "WHITEBLACKCOMPENSATION": 8192,
    "BLACKPOINTCOMPENSATION": 8192,
    "GAMUTCHECK": 4096,
    "SOFTPROOFING": 16384,
    "PRESERVEBLACK": 32768,
    "NODEFAULTRESOURCEDEF": 16777216,
    "GRIDPOINTS": Flags.GRIDPOINTS,
}


class PyCMSError(Exception):
    """What the functions of this module raise, from the error that was met."""


class ImageCmsProfile:
    """An ICC profile.

    :param profile: A file name (str), a file object with the profile, or a core profile.
    :exception OSError: If the file is missing or no profile.
    :exception TypeError: If ``profile`` is something else.
    """

    #: Name of the file, if the profile was opened by name.
    filename: str | None

    def __init__(self, profile: _ProfileSource) -> None:
        self.filename = None
        self.profile = self._open(profile)

    def _open(self, source: Any) -> core.CmsProfile:
        if isinstance(source, str):
            if sys.platform == "win32" and not source.isascii():
                # Little CMS takes names in the ANSI code page there.
                with open(source, "rb") as fp:
                    return core.profile_frombytes(fp.read())
            opened = core.profile_open(source)
            self.filename = source
            return opened
        if hasattr(source, "read"):
            return core.profile_frombytes(source.read())
        if not isinstance(source, core.CmsProfile):
            msg = "Invalid type for Profile"
            raise TypeError(msg)
        return source

    def tobytes(self) -> bytes:
        """The profile as a file, for instance for ``icc_profile=`` of ``Image.save``.

        Not necessarily the bytes that were read.
        """
        return core.profile_tobytes(self.profile)


class ImageCmsTransform(Image.ImagePointHandler):
    """A transform between two profiles, for images of two given modes; ``im.point`` takes it.

    :param input: Profile of the images that come in.
    :param output: Profile of the images that go out.
    :param input_mode: Mode of the former.
    :param output_mode: Mode of the latter.
    :param intent: Rendering intent.
    :param proof: Profile of a device to be imitated on the output, or None.
    :param proof_intent: Rendering intent towards that device.
    :param flags: Options.
    :exception ValueError: If Little CMS refuses, as when a mode does not suit its profile.
    """

    def __init__(
        self,
        input: ImageCmsProfile,
        output: ImageCmsProfile,
        input_mode: str,
        output_mode: str,
        intent: Intent = Intent.PERCEPTUAL,
        proof: ImageCmsProfile | None = None,
        proof_intent: Intent = Intent.ABSOLUTE_COLORIMETRIC,
        flags: Flags = Flags.NONE,
    ):
        ends = (input.profile, output.profile)
        modes = (input_mode, output_mode)
        self.transform: core.CmsTransform
        if proof is None:
            self.transform = core.buildTransform(*ends, *modes, intent, flags)
        else:
            self.transform = core.buildProofTransform(
                *ends, proof.profile, *modes, intent, proof_intent, flags
            )
        self.input_mode = self.inputMode = input_mode
        self.output_mode = self.outputMode = output_mode
        self.output_profile = output

    def point(self, im: Image.Image) -> Image.Image:
        """The same as :meth:`apply`, for ``im.point``."""
        return self.apply(im)

    def apply(self, im: Image.Image, imOut: Image.Image | None = None) -> Image.Image:
        """Transform an image.

        :param im: Image of the input mode.
        :param imOut: Image of the output mode that receives the pixels, not smaller than ``im``
           (a smaller one stays as it is); by default a new one.
        :returns: The receiving image; its ``info["icc_profile"]`` is the output profile.
        :exception ValueError: If a mode is not that of the transform.
        """
        target = Image.new(self.output_mode, im.size) if imOut is None else imOut
        target.load()
        if target.im.readonly:
            # Memory that nobody may write, such as bytes or a mapped file.
            target._copy()
        self.transform.apply(im.getim(), target.getim())
        target.info["icc_profile"] = self.output_profile.tobytes()
        return target

    def apply_in_place(self, im: Image.Image) -> Image.Image:
        """Transform an image in place (input and output mode must be the same); returns it."""
        return self.apply(im, im)


def get_display_profile(handle: SupportsInt | None = None) -> ImageCmsProfile | None:
    """The profile of the display on Windows; elsewhere None.

    :param handle: A window handle, or an :class:`PIL.ImageWin.HDC`.
    """
    if sys.platform == "win32":
        from importlib import import_module

        device_context: Any = import_module("PIL.ImageWin").HDC
        by_context = isinstance(handle, device_context)
        filename = core.get_display_profile_win32(int(handle or 0), int(by_context))
        return None if filename is None else ImageCmsProfile(filename)
    return None


# --- Functions ---


@contextmanager
def _reported(*errors: type[Exception]) -> Iterator[None]:
    """Turns these errors into PyCMSError."""
    try:
        yield
    except errors as e:
        raise PyCMSError(e) from e


_BUILD_ERRORS = (OSError, TypeError, ValueError)
_QUERY_ERRORS = (AttributeError, OSError, TypeError, ValueError)


def _profile(source: _AnyProfile) -> ImageCmsProfile:
    return source if isinstance(source, ImageCmsProfile) else ImageCmsProfile(source)


def _check_options(intent: int, flags: int) -> None:
    """Both come from callers who may pass anything."""
    if not isinstance(intent, int) or not 0 <= intent <= 3:
        msg = "renderingIntent must be an integer between 0 and 3"
        raise PyCMSError(msg)
    if not isinstance(flags, int) or not 0 <= flags <= _MAX_FLAG:
        msg = f"flags must be an integer between 0 and {_MAX_FLAG:d}"
        raise PyCMSError(msg)


def profileToProfile(
    im: Image.Image,
    inputProfile: _AnyProfile,
    outputProfile: _AnyProfile,
    renderingIntent: Intent = Intent.PERCEPTUAL,
    outputMode: str | None = None,
    inPlace: bool = False,
    flags: Flags = Flags.NONE,
) -> Image.Image | None:
    """Transform one image from one profile to another.

    :param outputMode: Mode of the result; by default that of the image.
    :param inPlace: Change the image itself.
    :returns: A new image; None if ``inPlace``.
    :exception PyCMSError: If a profile, the transform or the image is refused.
    """
    mode = im.mode if outputMode is None else outputMode
    _check_options(renderingIntent, flags)
    with _reported(*_BUILD_ERRORS):
        transform = ImageCmsTransform(
            _profile(inputProfile),
            _profile(outputProfile),
            im.mode,
            mode,
            renderingIntent,
            flags=flags,
        )
        return _apply(im, transform, inPlace)


def _apply(im: Image.Image, transform: ImageCmsTransform, in_place: bool) -> Image.Image | None:
    if not in_place:
        return transform.apply(im)
    transform.apply_in_place(im)
    return None


def getOpenProfile(profileFilename: _ProfileSource) -> ImageCmsProfile:
    """Open a profile.

    :exception PyCMSError: If that fails.
    """
    with _reported(*_BUILD_ERRORS):
        return ImageCmsProfile(profileFilename)


def buildTransform(
    inputProfile: _AnyProfile,
    outputProfile: _AnyProfile,
    inMode: str,
    outMode: str,
    renderingIntent: Intent = Intent.PERCEPTUAL,
    flags: Flags = Flags.NONE,
) -> ImageCmsTransform:
    """Build a transform, for :func:`applyTransform`.

    :exception PyCMSError: If a profile or the transform is refused.
    """
    _check_options(renderingIntent, flags)
    with _reported(*_BUILD_ERRORS):
        ends = _profile(inputProfile), _profile(outputProfile)
        return ImageCmsTransform(*ends, inMode, outMode, renderingIntent, flags=flags)


def buildProofTransform(
    inputProfile: _AnyProfile,
    outputProfile: _AnyProfile,
    proofProfile: _AnyProfile,
    inMode: str,
    outMode: str,
    renderingIntent: Intent = Intent.PERCEPTUAL,
    proofRenderingIntent: Intent = Intent.ABSOLUTE_COLORIMETRIC,
    flags: Flags = Flags.SOFTPROOFING,
) -> ImageCmsTransform:
    """Build a transform that shows on the output what the proof device would make of an image.

    :exception PyCMSError: If a profile or the transform is refused.
    """
    _check_options(renderingIntent, flags)
    with _reported(*_BUILD_ERRORS):
        ends = _profile(inputProfile), _profile(outputProfile)
        proof = _profile(proofProfile)
        return ImageCmsTransform(
            *ends, inMode, outMode, renderingIntent, proof, proofRenderingIntent, flags
        )


buildTransformFromOpenProfiles = buildTransform
buildProofTransformFromOpenProfiles = buildProofTransform


def applyTransform(
    im: Image.Image, transform: ImageCmsTransform, inPlace: bool = False
) -> Image.Image | None:
    """Apply a transform to an image.

    :param inPlace: Change the image itself.
    :returns: A new image; None if ``inPlace``.
    :exception PyCMSError: If the image has another mode than the transform expects.
    """
    with _reported(TypeError, ValueError):
        return _apply(im, transform, inPlace)


def createProfile(
    colorSpace: Literal["LAB", "XYZ", "sRGB"], colorTemp: SupportsFloat = 0
) -> core.CmsProfile:
    """Make a profile: "LAB", "XYZ" or "sRGB".

    :param colorTemp: For LAB the temperature of white in kelvin, 4000 to 25000; up to 0: D50.
    :exception PyCMSError: For another space, or a temperature that is no number or out of range.
    """
    if colorSpace not in ("LAB", "XYZ", "sRGB"):
        msg = f"Color space not supported for on-the-fly profile creation ({colorSpace})"
        raise PyCMSError(msg)
    kelvin = 0.0
    if colorSpace == "LAB":
        try:
            kelvin = float(colorTemp)
        except (TypeError, ValueError) as e:
            msg = f'Color temperature must be numeric, "{colorTemp}" not valid'
            raise PyCMSError(msg) from e
    with _reported(TypeError, ValueError):
        # The temperature of the others only has to be a number.
        return core.createProfile(colorSpace, kelvin if colorSpace == "LAB" else colorTemp)  # type: ignore[arg-type]


# --- What a profile says of itself ---


def _texts(profile: _AnyProfile, *names: str) -> list[str | None]:
    opened = _profile(profile).profile
    return [getattr(opened, name) for name in names]


def getProfileName(profile: _AnyProfile) -> str:
    """A name for people: model and manufacturer, or the description; with a newline.

    :exception PyCMSError: If the profile cannot be read, as for all functions below.
    """
    with _reported(*_QUERY_ERRORS):
        model, manufacturer, description = _texts(
            profile, "model", "manufacturer", "profile_description"
        )
        if not (model or manufacturer):
            return f"{description or ''}\n"
        # Long models tend to hold the manufacturer's name.
        if not manufacturer or len(model or "") > 30:
            return f"{model}\n"
        return f"{model} - {manufacturer}\n"


def getProfileInfo(profile: _AnyProfile) -> str:
    """Description and copyright, each followed by an empty line."""
    with _reported(*_QUERY_ERRORS):
        parts = _texts(profile, "profile_description", "copyright")
        return "\r\n\r\n".join(part for part in parts if part) + "\r\n\r\n"


def _line(profile: _AnyProfile, name: str) -> str:
    with _reported(*_QUERY_ERRORS):
        (text,) = _texts(profile, name)
        return f"{text or ''}\n"


def getProfileCopyright(profile: _AnyProfile) -> str:
    """The copyright, with a newline."""
    return _line(profile, "copyright")


def getProfileManufacturer(profile: _AnyProfile) -> str:
    """The manufacturer of the device, with a newline."""
    return _line(profile, "manufacturer")


def getProfileModel(profile: _AnyProfile) -> str:
    """The model of the device, with a newline."""
    return _line(profile, "model")


def getProfileDescription(profile: _AnyProfile) -> str:
    """The description, with a newline."""
    return _line(profile, "profile_description")


def getDefaultIntent(profile: _AnyProfile) -> int:
    """The rendering intent that the profile suggests (see :class:`Intent`)."""
    with _reported(*_QUERY_ERRORS):
        return _profile(profile).profile.rendering_intent


def isIntentSupported(profile: _AnyProfile, intent: Intent, direction: Direction) -> Literal[-1, 1]:
    """Whether a profile can be used with an intent: 1 if so, -1 if not."""
    with _reported(*_QUERY_ERRORS):
        return 1 if _profile(profile).profile.is_intent_supported(intent, direction) else -1
