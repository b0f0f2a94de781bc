"""Real work done by programs that build on Pillow.

    python programs.py NAME PHOTO     runs one of them and prints a digest of what it made
    python programs.py --list

Each function returns bytes or text that depend on what PIL did: pixels wherever the program's own
output has dates or random names in it. ``run.py`` compares the digests with Pillow's.
"""

from __future__ import annotations

import hashlib
import io
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps

Program = Callable[[Path], "bytes | str"]
PROGRAMS: dict[str, Program] = {}


def program(work: Program) -> Program:
    PROGRAMS[work.__name__.removeprefix("use_")] = work
    return work


def pixels(im: Image.Image) -> bytes:
    return f"{im.mode} {im.size} ".encode() + im.tobytes()


def small(photo: Path, side: int = 256) -> Image.Image:
    """A photograph that does not depend on anything but resize."""
    with Image.open(photo) as im:
        return ImageOps.fit(im.convert("RGB"), (side, side * 3 // 4))


@program
def use_matplotlib(photo: Path) -> bytes:
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    figure, (left, right) = plt.subplots(1, 2)
    left.imshow(plt.imread(str(photo)))
    right.hist(list(small(photo).convert("L").tobytes()), bins=32)
    out = io.BytesIO()
    figure.savefig(out, format="png", dpi=80)
    figure.savefig(io.BytesIO(), format="jpg")
    figure.savefig(io.BytesIO(), format="webp")
    return pixels(Image.open(out))


@program
def use_skimage(photo: Path) -> bytes:
    from skimage import io as skio
    from skimage import transform

    array = skio.imread(photo)
    half = (transform.rescale(array, 0.25, channel_axis=2) * 255).astype("uint8")
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "half.png")
        skio.imsave(path, half, check_contrast=False)
        again = skio.imread(path)
    assert (again == half).all()
    return array.tobytes() + half.tobytes()


@program
def use_imageio(photo: Path) -> bytes:
    import imageio.v3 as iio

    array = iio.imread(photo)
    frames = [array[500 + i : 564 + i, 500:596] for i in range(0, 64, 16)]
    gif = iio.imwrite("<bytes>", frames, extension=".gif", duration=50, loop=0)
    back = iio.imread(gif, index=None)
    assert back.shape[0] == len(frames)
    return array.tobytes() + back.tobytes() + iio.imwrite("<bytes>", frames[0], extension=".bmp")


@program
def use_moviepy(photo: Path) -> bytes:
    import numpy as np
    from moviepy import ImageClip, TextClip, concatenate_videoclips

    clip = ImageClip(np.asarray(small(photo)), duration=1).resized(width=128).rotated(30)
    font = str(Path(__file__).resolve().parents[1] / "data" / "Aileron-Regular-subset.ttf")
    text = TextClip(font=font if os.path.exists(font) else None, text="words", font_size=24,
                    color="white", duration=1)  # fmt: skip
    both = concatenate_videoclips([clip, text], method="compose")
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "made.gif")
        both.write_gif(path, fps=4, logger=None)
        with Image.open(path) as im:
            im.seek(1)
            return pixels(im.convert("RGB"))


@program
def use_openpyxl(photo: Path) -> bytes:
    from openpyxl import Workbook, load_workbook
    from openpyxl.drawing.image import Image as Picture

    book = Workbook()
    png = io.BytesIO()
    small(photo).save(png, "PNG")
    book.active.add_image(Picture(png), "B2")
    out = io.BytesIO()
    book.save(out)
    (picture,) = load_workbook(out).active._images
    return pixels(Image.open(picture.ref))


@program
def use_img2pdf(photo: Path) -> bytes:
    import img2pdf

    png = io.BytesIO()
    small(photo).save(png, "PNG")
    pdf = img2pdf.convert([photo.read_bytes(), png.getvalue()], nodate=True)
    assert pdf.startswith(b"%PDF")
    return photo.read_bytes() if photo.read_bytes() in pdf else b"JPEG was not passed through"


@program
def use_fpdf(photo: Path) -> bytes:
    from fpdf import FPDF

    pdf = FPDF()
    pdf.add_page()
    pdf.image(small(photo), x=10, y=10, w=80)
    pdf.image(small(photo).convert("RGBA"), x=10, y=90, w=80)
    pdf.image(str(photo), x=100, y=10, w=80)
    assert bytes(pdf.output()).startswith(b"%PDF")
    info = next(iter(pdf.image_cache.images.values()))
    return f"{info['w']} {info['h']} {info['cs']}".encode()


@program
def use_django(photo: Path) -> str:
    import django
    from django.conf import settings

    settings.configure(INSTALLED_APPS=[], USE_I18N=False)
    django.setup()
    from django import forms
    from django.core.files.images import ImageFile
    from django.core.files.uploadedfile import SimpleUploadedFile

    class Upload(forms.Form):
        picture = forms.ImageField()

    def check(name: str, data: bytes) -> Upload:
        form = Upload({}, {"picture": SimpleUploadedFile(name, data)})
        form.is_valid()
        return form

    good = check("photo.jpg", photo.read_bytes())
    bad = check("photo.jpg", b"no picture")
    assert not good.errors and bad.errors
    image = good.cleaned_data["picture"]
    with open(photo, "rb") as stream:
        dimensions = ImageFile(stream).width, ImageFile(stream).height
    return f"{image.content_type} {image.image.size} {dimensions} {bad.errors.as_json()}"


@program
def use_wordcloud(photo: Path) -> bytes:
    from wordcloud import WordCloud

    words = "pixel band mode stride kernel tap resize blur premultiplied palette " * 3
    cloud = WordCloud(width=320, height=200, random_state=7, max_words=30)
    return pixels(cloud.generate(words).to_image())


@program
def use_pillow_heif(photo: Path) -> bytes:
    """A plugin of Pillow's: registers a format."""
    import pillow_heif

    pillow_heif.register_heif_opener()
    out = io.BytesIO()
    small(photo).save(out, "HEIF", quality=-1, chroma=444, matrix_coefficients=0)
    with Image.open(out) as im:
        assert im.format == "HEIF"
        return pixels(im.convert("RGB"))


@program
def use_imagehash(photo: Path) -> str:
    import imagehash

    with Image.open(photo) as im:
        hashes = (imagehash.phash, imagehash.dhash, imagehash.average_hash, imagehash.colorhash)
        return " ".join(str(make(im)) for make in hashes)


@program
def use_qrcode(photo: Path) -> bytes:
    import qrcode
    from qrcode.image.styledpil import StyledPilImage
    from qrcode.image.styles.moduledrawers.pil import RoundedModuleDrawer

    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_H)
    code.add_data("https://example.org/")
    styled: Any = code.make_image(StyledPilImage, module_drawer=RoundedModuleDrawer())
    plain: Any = code.make_image()
    return pixels(styled.get_image()) + pixels(plain.get_image())


@program
def use_barcode(photo: Path) -> bytes:
    import barcode
    from barcode.writer import ImageWriter

    return pixels(barcode.get("ean13", "590123412345", writer=ImageWriter()).render())


@program
def use_reportlab(photo: Path) -> bytes:
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, invariant=True, pageCompression=0)
    canvas.drawImage(ImageReader(small(photo)), 10, 10, 100, 75)
    canvas.drawImage(str(photo), 10, 200, 100, 75)
    canvas.save()
    return out.getvalue()


@program
def use_pptx(photo: Path) -> str:
    from pptx import Presentation

    shown = Presentation()
    slide = shown.slides.add_slide(shown.slide_layouts[6])
    picture = slide.shapes.add_picture(str(photo), 0, 0)
    return f"{picture.width} {picture.height} {picture.image.dpi} {picture.image.content_type}"


@program
def use_torchvision(photo: Path) -> bytes:
    import torch
    from torchvision.transforms import v2

    torch.manual_seed(1)
    steps = v2.Compose([
        v2.RandomResizedCrop(128, antialias=True), v2.RandomHorizontalFlip(),
        v2.ColorJitter(0.4, 0.4, 0.4, 0.1), v2.RandomRotation(20), v2.RandomPerspective(p=1),
        v2.RandomAutocontrast(p=1), v2.RandomEqualize(p=1), v2.RandomPosterize(4, p=1),
        v2.RandomSolarize(128, p=1),
    ])  # fmt: skip
    with Image.open(photo) as im:
        made = steps(im.convert("RGB"))
    tensor = v2.functional.pil_to_tensor(made)
    return pixels(made) + pixels(v2.functional.to_pil_image(tensor))


def main(name: str, photo: str) -> None:
    result = PROGRAMS[name](Path(photo))
    data = result.encode() if isinstance(result, str) else result
    print(hashlib.sha256(data).hexdigest(), len(data))


if __name__ == "__main__":
    if sys.argv[1:] == ["--list"]:
        print(*PROGRAMS, sep="\n")
    else:
        main(*sys.argv[1:])
