"""Names and types of TIFF tags."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from typing import Self

# Types of values, as they stand in a file.
BYTE = 1
ASCII = 2
SHORT = 3
LONG = 4
RATIONAL = 5
SIGNED_BYTE = 6
UNDEFINED = 7
SIGNED_SHORT = 8
SIGNED_LONG = 9
SIGNED_RATIONAL = 10
FLOAT = 11
DOUBLE = 12
IFD = 13
LONG8 = 16


class _TagInfo(NamedTuple):
    value: int | None
    name: str
    type: int | None
    length: int | None
    enum: dict[str, int]


class TagInfo(_TagInfo):
    """What is known about a tag.

    ``length`` is the number of values, 0 for any number, ``None`` when unknown;
    ``enum`` maps the names of values to the values.
    """

    __slots__: list[str] = []

    def __new__(
        cls,
        value: int | None = None,
        name: str = "unknown",
        type: int | None = None,
        length: int | None = None,
        enum: dict[str, int] | None = None,
    ) -> Self:
        return super().__new__(cls, value, name, type, length, enum or {})

    def cvt_enum(self, value: str) -> int | str:
        """The number a name stands for; unknown names are returned as they are."""
        return self.enum.get(value, value) if self.enum else value


def lookup(tag: int, group: int | None = None) -> TagInfo:
    """What is known about ``tag`` in the main directory, or in the directory ``group``.

    :param group: the tag that points to a sub-directory (Exif, GPS, Interoperability)
    """
    table = TAGS_V2 if group is None else TAGS_V2_GROUPS.get(group, {})
    info = table.get(tag)
    return info if info is not None else TagInfo(tag, TAGS.get(tag, "unknown"))


# The tables: number, name, type, number of values (0: any).
# fmt: off
_MAIN = (
    (254, "NewSubfileType", LONG, 1),
    (255, "SubfileType", SHORT, 1),
    (256, "ImageWidth", LONG, 1),
    (257, "ImageLength", LONG, 1),
    (258, "BitsPerSample", SHORT, 0),
    (259, "Compression", SHORT, 1),
    (262, "PhotometricInterpretation", SHORT, 1),
    (263, "Threshholding", SHORT, 1),
    (264, "CellWidth", SHORT, 1),
    (265, "CellLength", SHORT, 1),
    (266, "FillOrder", SHORT, 1),
    (269, "DocumentName", ASCII, 1),
    (270, "ImageDescription", ASCII, 1),
    (271, "Make", ASCII, 1),
    (272, "Model", ASCII, 1),
    (273, "StripOffsets", LONG, 0),
    (274, "Orientation", SHORT, 1),
    (277, "SamplesPerPixel", SHORT, 1),
    (278, "RowsPerStrip", LONG, 1),
    (279, "StripByteCounts", LONG, 0),
    (280, "MinSampleValue", SHORT, 0),
    (281, "MaxSampleValue", SHORT, 0),
    (282, "XResolution", RATIONAL, 1),
    (283, "YResolution", RATIONAL, 1),
    (284, "PlanarConfiguration", SHORT, 1),
    (285, "PageName", ASCII, 1),
    (286, "XPosition", RATIONAL, 1),
    (287, "YPosition", RATIONAL, 1),
    (288, "FreeOffsets", LONG, 1),
    (289, "FreeByteCounts", LONG, 1),
    (290, "GrayResponseUnit", SHORT, 1),
    (291, "GrayResponseCurve", SHORT, 0),
    (292, "T4Options", LONG, 1),
    (293, "T6Options", LONG, 1),
    (296, "ResolutionUnit", SHORT, 1),
    (297, "PageNumber", SHORT, 2),
    (301, "TransferFunction", SHORT, 0),
    (305, "Software", ASCII, 1),
    (306, "DateTime", ASCII, 1),
    (315, "Artist", ASCII, 1),
    (316, "HostComputer", ASCII, 1),
    (317, "Predictor", SHORT, 1),
    (318, "WhitePoint", RATIONAL, 2),
    (319, "PrimaryChromaticities", RATIONAL, 6),
    (320, "ColorMap", SHORT, 0),
    (321, "HalftoneHints", SHORT, 2),
    (322, "TileWidth", LONG, 1),
    (323, "TileLength", LONG, 1),
    (324, "TileOffsets", LONG, 0),
    (325, "TileByteCounts", LONG, 0),
    (330, "SubIFDs", LONG, 0),
    (332, "InkSet", SHORT, 1),
    (333, "InkNames", ASCII, 1),
    (334, "NumberOfInks", SHORT, 1),
    (336, "DotRange", SHORT, 0),
    (337, "TargetPrinter", ASCII, 1),
    (338, "ExtraSamples", SHORT, 0),
    (339, "SampleFormat", SHORT, 0),
    (340, "SMinSampleValue", DOUBLE, 0),
    (341, "SMaxSampleValue", DOUBLE, 0),
    (342, "TransferRange", SHORT, 6),
    (347, "JPEGTables", UNDEFINED, 1),
    (512, "JPEGProc", SHORT, 1),
    (513, "JPEGInterchangeFormat", LONG, 1),
    (514, "JPEGInterchangeFormatLength", LONG, 1),
    (515, "JPEGRestartInterval", SHORT, 1),
    (517, "JPEGLosslessPredictors", SHORT, 0),
    (518, "JPEGPointTransforms", SHORT, 0),
    (519, "JPEGQTables", LONG, 0),
    (520, "JPEGDCTables", LONG, 0),
    (521, "JPEGACTables", LONG, 0),
    (529, "YCbCrCoefficients", RATIONAL, 3),
    (530, "YCbCrSubSampling", SHORT, 2),
    (531, "YCbCrPositioning", SHORT, 1),
    (532, "ReferenceBlackWhite", RATIONAL, 6),
    (700, "XMP", BYTE, 0),
    (32995, "Matteing", SHORT, 1),
    (32996, "DataType", SHORT, 0),
    (32997, "ImageDepth", LONG, 1),
    (32998, "TileDepth", LONG, 1),
    (33432, "Copyright", ASCII, 1),
    (33723, "IptcNaaInfo", UNDEFINED, 1),
    (34377, "PhotoshopInfo", BYTE, 0),
    (34665, "ExifIFD", LONG, 1),
    (34675, "ICCProfile", UNDEFINED, 1),
    (34853, "GPSInfoIFD", LONG, 1),
    (36864, "ExifVersion", UNDEFINED, 1),
    (37724, "ImageSourceData", UNDEFINED, 1),
    (40960, "FlashPixVersion", UNDEFINED, 1),
    (40965, "InteroperabilityIFD", LONG, 1),
    (41730, "CFAPattern", UNDEFINED, 1),
    (45056, "MPFVersion", UNDEFINED, 1),
    (45057, "NumberOfImages", LONG, 1),
    (45058, "MPEntry", UNDEFINED, 1),
    (45059, "ImageUIDList", UNDEFINED, 0),
    (45060, "TotalFrames", LONG, 1),
    (45313, "MPIndividualNum", LONG, 1),
    (45569, "PanOrientation", LONG, 1),
    (45570, "PanOverlap_H", RATIONAL, 1),
    (45571, "PanOverlap_V", RATIONAL, 1),
    (45572, "BaseViewpointNum", LONG, 1),
    (45573, "ConvergenceAngle", SIGNED_RATIONAL, 1),
    (45574, "BaselineLength", RATIONAL, 1),
    (45575, "VerticalDivergence", SIGNED_RATIONAL, 1),
    (45576, "AxisDistance_X", SIGNED_RATIONAL, 1),
    (45577, "AxisDistance_Y", SIGNED_RATIONAL, 1),
    (45578, "AxisDistance_Z", SIGNED_RATIONAL, 1),
    (45579, "YawAngle", SIGNED_RATIONAL, 1),
    (45580, "PitchAngle", SIGNED_RATIONAL, 1),
    (45581, "RollAngle", SIGNED_RATIONAL, 1),
    (50741, "MakerNoteSafety", SHORT, 1),
    (50780, "BestQualityScale", RATIONAL, 1),
    (50838, "ImageJMetaDataByteCounts", LONG, 0),
    (50839, "ImageJMetaData", UNDEFINED, 1),
)

_EXIF = (
    (36864, "ExifVersion", UNDEFINED, 1),
    (40960, "FlashPixVersion", UNDEFINED, 1),
    (40965, "InteroperabilityIFD", LONG, 1),
    (41730, "CFAPattern", UNDEFINED, 1),
)

_GPS = (
    (0, "GPSVersionID", BYTE, 4),
    (1, "GPSLatitudeRef", ASCII, 2),
    (2, "GPSLatitude", RATIONAL, 3),
    (3, "GPSLongitudeRef", ASCII, 2),
    (4, "GPSLongitude", RATIONAL, 3),
    (5, "GPSAltitudeRef", BYTE, 1),
    (6, "GPSAltitude", RATIONAL, 1),
    (7, "GPSTimeStamp", RATIONAL, 3),
    (8, "GPSSatellites", ASCII, 0),
    (9, "GPSStatus", ASCII, 2),
    (10, "GPSMeasureMode", ASCII, 2),
    (11, "GPSDOP", RATIONAL, 1),
    (12, "GPSSpeedRef", ASCII, 2),
    (13, "GPSSpeed", RATIONAL, 1),
    (14, "GPSTrackRef", ASCII, 2),
    (15, "GPSTrack", RATIONAL, 1),
    (16, "GPSImgDirectionRef", ASCII, 2),
    (17, "GPSImgDirection", RATIONAL, 1),
    (18, "GPSMapDatum", ASCII, 0),
    (19, "GPSDestLatitudeRef", ASCII, 2),
    (20, "GPSDestLatitude", RATIONAL, 3),
    (21, "GPSDestLongitudeRef", ASCII, 2),
    (22, "GPSDestLongitude", RATIONAL, 3),
    (23, "GPSDestBearingRef", ASCII, 2),
    (24, "GPSDestBearing", RATIONAL, 1),
    (25, "GPSDestDistanceRef", ASCII, 2),
    (26, "GPSDestDistance", RATIONAL, 1),
    (27, "GPSProcessingMethod", UNDEFINED, 0),
    (28, "GPSAreaInformation", UNDEFINED, 0),
    (29, "GPSDateStamp", ASCII, 11),
    (30, "GPSDifferential", SHORT, 1),
    (31, "GPSHPositioningError", RATIONAL, 1),
)

_INTEROPERABILITY = (
    (1, "InteropIndex", ASCII, 1),
    (2, "InteropVersion", UNDEFINED, 1),
)

_NAMES_ONLY: dict[int | tuple[int, int], str] = {
    32932: "Wang Annotation",
    33434: "ExposureTime",
    33437: "FNumber",
    33445: "MD FileTag",
    33446: "MD ScalePixel",
    33447: "MD ColorTable",
    33448: "MD LabName",
    33449: "MD SampleInfo",
    33450: "MD PrepDate",
    33451: "MD PrepTime",
    33452: "MD FileUnits",
    33550: "ModelPixelScaleTag",
    33918: "INGR Packet Data Tag",
    33919: "INGR Flag Registers",
    33920: "IrasB Transformation Matrix",
    33922: "ModelTiepointTag",
    34264: "ModelTransformationTag",
    34735: "GeoKeyDirectoryTag",
    34736: "GeoDoubleParamsTag",
    34737: "GeoAsciiParamsTag",
    34850: "ExposureProgram",
    34852: "SpectralSensitivity",
    34855: "ISOSpeedRatings",
    34856: "OECF",
    34864: "SensitivityType",
    34865: "StandardOutputSensitivity",
    34866: "RecommendedExposureIndex",
    34867: "ISOSpeed",
    34868: "ISOSpeedLatitudeyyy",
    34869: "ISOSpeedLatitudezzz",
    34908: "HylaFAX FaxRecvParams",
    34909: "HylaFAX FaxSubAddress",
    34910: "HylaFAX FaxRecvTime",
    36867: "DateTimeOriginal",
    36868: "DateTimeDigitized",
    37121: "ComponentsConfiguration",
    37122: "CompressedBitsPerPixel",
    37377: "ShutterSpeedValue",
    37378: "ApertureValue",
    37379: "BrightnessValue",
    37380: "ExposureBiasValue",
    37381: "MaxApertureValue",
    37382: "SubjectDistance",
    37383: "MeteringMode",
    37384: "LightSource",
    37385: "Flash",
    37386: "FocalLength",
    37396: "SubjectArea",
    37500: "MakerNote",
    37510: "UserComment",
    37520: "SubSec",
    37521: "SubSecTimeOriginal",
    37522: "SubsecTimeDigitized",
    40961: "ColorSpace",
    40962: "PixelXDimension",
    40963: "PixelYDimension",
    40964: "RelatedSoundFile",
    41483: "FlashEnergy",
    41484: "SpatialFrequencyResponse",
    41486: "FocalPlaneXResolution",
    41487: "FocalPlaneYResolution",
    41488: "FocalPlaneResolutionUnit",
    41492: "SubjectLocation",
    41493: "ExposureIndex",
    41495: "SensingMethod",
    41728: "FileSource",
    41729: "SceneType",
    41985: "CustomRendered",
    41986: "ExposureMode",
    41987: "WhiteBalance",
    41988: "DigitalZoomRatio",
    41989: "FocalLengthIn35mmFilm",
    41990: "SceneCaptureType",
    41991: "GainControl",
    41992: "Contrast",
    41993: "Saturation",
    41994: "Sharpness",
    41995: "DeviceSettingDescription",
    41996: "SubjectDistanceRange",
    42016: "ImageUniqueID",
    42032: "CameraOwnerName",
    42033: "BodySerialNumber",
    42034: "LensSpecification",
    42035: "LensMake",
    42036: "LensModel",
    42037: "LensSerialNumber",
    42112: "GDAL_METADATA",
    42113: "GDAL_NODATA",
    42240: "Gamma",
    50215: "Oce Scanjob Description",
    50216: "Oce Application Selector",
    50217: "Oce Identification Number",
    50218: "Oce ImageLogic Characteristics",
    50706: "DNGVersion",
    50707: "DNGBackwardVersion",
    50708: "UniqueCameraModel",
    50709: "LocalizedCameraModel",
    50710: "CFAPlaneColor",
    50711: "CFALayout",
    50712: "LinearizationTable",
    50713: "BlackLevelRepeatDim",
    50714: "BlackLevel",
    50715: "BlackLevelDeltaH",
    50716: "BlackLevelDeltaV",
    50717: "WhiteLevel",
    50718: "DefaultScale",
    50719: "DefaultCropOrigin",
    50720: "DefaultCropSize",
    50721: "ColorMatrix1",
    50722: "ColorMatrix2",
    50723: "CameraCalibration1",
    50724: "CameraCalibration2",
    50725: "ReductionMatrix1",
    50726: "ReductionMatrix2",
    50727: "AnalogBalance",
    50728: "AsShotNeutral",
    50729: "AsShotWhiteXY",
    50730: "BaselineExposure",
    50731: "BaselineNoise",
    50732: "BaselineSharpness",
    50733: "BayerGreenSplit",
    50734: "LinearResponseLimit",
    50735: "CameraSerialNumber",
    50736: "LensInfo",
    50737: "ChromaBlurRadius",
    50738: "AntiAliasStrength",
    50740: "DNGPrivateData",
    50778: "CalibrationIlluminant1",
    50779: "CalibrationIlluminant2",
    50784: "Alias Layer Metadata",
}
_VALUE_NAMES: dict[int, dict[str, int]] = {
    259: {
        "Uncompressed": 1, "CCITT 1d": 2, "Group 3 Fax": 3, "Group 4 Fax": 4, "LZW": 5,
        "JPEG": 6, "PackBits": 32773,
    },
    262: {
        "WhiteIsZero": 0, "BlackIsZero": 1, "RGB": 2, "RGB Palette": 3,
        "Transparency Mask": 4, "CMYK": 5, "YCbCr": 6, "CieLAB": 8, "CFA": 32803,
        "LinearRaw": 32892,
    },
    284: {"Contiguous": 1, "Separate": 2},
    296: {"none": 1, "inch": 2, "cm": 3},
    317: {"none": 1, "Horizontal Differencing": 2},
    50741: {"Unsafe": 0, "Safe": 1},
}
# fmt: on


def _table(rows: Iterable[tuple[int, str, int, int]]) -> dict[int, TagInfo]:
    return {
        number: TagInfo(number, name, type, length, _VALUE_NAMES.get(number))
        for number, name, type, length in rows
    }


#: Tags of the main directory.
TAGS_V2: dict[int, TagInfo] = _table(_MAIN)

#: Tags of the sub-directories Exif, GPS and Interoperability.
TAGS_V2_GROUPS: dict[int, dict[int, TagInfo]] = {
    34665: _table(_EXIF),
    34853: _table(_GPS),
    40965: _table(_INTEROPERABILITY),
}

#: Names of tags; and of values, by pairs of tag and value.
TAGS: dict[int | tuple[int, int], str] = {
    **_NAMES_ONLY,
    **{number: info.name for number, info in TAGS_V2.items()},
    **{
        (number, value): name
        for number, names in _VALUE_NAMES.items()
        for name, value in names.items()
    },
}

#: Names of the types; filled when the module that reads TIFF directories is imported.
TYPES: dict[int, str] = {}

#: Tags that libtiff takes care of, or knows without being told their type.
LIBTIFF_CORE = {
    256, 257, 258, 259, 262, 263, 266, 269, 274, 277, 278, 280, 281, 282, 283, 284,
    286, 287, 296, 297, 301, 320, 321, 330, 333, 338, 339, 340, 341, 530, 531, 532,
    32995, 32996, 32997, 32998, 65537,
}  # fmt: skip
