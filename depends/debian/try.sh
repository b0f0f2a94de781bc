#!/usr/bin/env bash
# Builds the Debian packages of the last commit in a temporary folder, looks at them with lintian, and
# runs programs of packages that depend on python3-pil with them.
#
#   depends/debian/try.sh [--keep FOLDER] [--install]
#
# Unpacked into a scratch root; with --install (in a container: it replaces python3-pil) installed.
# Needs dpkg-dev, debhelper, dh-python, lintian and what control names, and apt for the programs.
# DEB_BUILD_OPTIONS=nocheck leaves the tests out.
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
keep="" install=no
while [ $# -gt 0 ]; do
    case $1 in
    --keep) keep=$2; shift ;;
    --install) install=yes ;;
    *) echo "try.sh: unknown argument $1" >&2; exit 2 ;;
    esac
    shift
done

work=${keep:-$(mktemp -d)}
[ -n "$keep" ] || trap 'rm -rf "$work"' EXIT
mkdir -p "$work"
version=$(dpkg-parsechangelog -l "$root/depends/debian/changelog" -S Version)
upstream=${version%-*}
tree=$work/pillow-simd-$upstream

say() { echo "debian: $*"; }

build() {
    rm -rf "$tree"
    git -C "$root" archive --prefix="pillow-simd-$upstream/" HEAD | gzip -n9 >"$work/pillow-simd_$upstream.orig.tar.gz"
    tar -xzf "$work/pillow-simd_$upstream.orig.tar.gz" -C "$work"
    cp -r "$tree/depends/debian" "$tree/debian"
    rm "$tree/debian/try.sh"
    cd "$tree"
    dpkg-buildpackage -us -uc >"$work/build.log" 2>&1 || { tail -n 40 "$work/build.log"; say "dpkg-buildpackage failed"; exit 1; }
    ! grep -E '^[^ ]*\.[ch]:.*warning:' "$work/build.log" || { say "the compiler warned"; exit 1; }
    grep -E '^[0-9]+ passed' "$work/build.log" || true
    cd "$work"
    say "built:" *.deb
}

look() {
    lintian --tag-display-limit 0 --fail-on error "$work"/pillow-simd_*.changes
    say "lintian finds no error"
}

# What a package that depends on python3-pil asks of apt.
check_fields() {
    provides=$(dpkg-deb -f "$work"/python3-pillow-simd_*.deb Provides)
    [[ $provides == *"python3-pil (= 13.0.0-0)"* && $provides == *"python3-pillow (= 13.0.0-0)"* ]] \
        || { say "Provides: $provides"; exit 1; }
    [[ $(dpkg-deb -f "$work"/python3-pillow-simd.imagetk_*.deb Provides) == "python3-pil.imagetk (= 13.0.0-0)" ]]
    both=$(for deb in "$work"/python3-pillow-simd[_.]*.deb; do dpkg-deb -c "$deb"; done |
        awk '$6 ~ /[^\/]$/ { print $6 }' | sort | uniq -d)
    [ -z "$both" ] || { say "in both packages: $both"; exit 1; }
}

unpack() {
    for deb in "$@"; do
        dpkg -x "$deb" "$work/root"
    done
}

# The programs, with what they depend on besides python3-pil, beside the packages made here.
fetch_programs() {
    mkdir -p "$work/programs"
    cd "$work/programs"
    apt-get download -qq python3-qrcode python3-png python3-typing-extensions img2pdf python3-img2pdf \
        python3-pikepdf python3-deprecation python3-packaging python3-lxml python3-pkg-resources \
        libqpdf29 python3-reportlab python3-reportlab-accel
    unpack "$work"/programs/*.deb
}

run_python() {
    if [ $install = yes ]; then
        (cd "$work" && python3 "$@")
    else
        (cd "$work" && env PYTHONNOUSERSITE=1 PYTHONPATH="$work/root/usr/lib/python3/dist-packages" \
            LD_LIBRARY_PATH="$work/root/usr/lib/$(dpkg-architecture -qDEB_HOST_MULTIARCH)" \
            /usr/bin/python3 "$@")
    fi
}

programs() {
    bin=$work/root/usr/bin
    [ $install = no ] || bin=/usr/bin
    place=$(run_python -c 'import PIL; print(PIL.__file__)')
    say "PIL is $place"
    [ $install = yes ] || [[ $place == "$work"/root/* ]] || { say "not the one unpacked"; exit 1; }
    run_python "$tree/debian/tests/works"
    run_python "$bin/python3-qr" "debian and pillow-simd" >"$work/qr.png"
    run_python -c 'from PIL import Image
code = Image.open("qr.png")
code.load()
assert code.format == "PNG" and code.width == code.height > 200 and sorted(set(code.convert("L").tobytes())) == [0, 255]
print("qr:", code.size)'
    run_python "$bin/img2pdf" -o "$work/photo.pdf" "$tree/Tests/data/retina.jpg" "$tree/Tests/data/coffee.png"
    run_python -c 'pdf = open("photo.pdf", "rb").read()
assert pdf.startswith(b"%PDF-1.") and pdf.count(b"/Subtype /Image") + pdf.count(b"/Subtype/Image") >= 2
print("img2pdf:", len(pdf))'
    run_python - "$tree/Tests/data/coffee.png" <<'END'
import io, sys
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen import canvas

out = io.BytesIO()
page = canvas.Canvas(out)
page.drawImage(sys.argv[1], 50, 500, 300, 200)
with Image.open(sys.argv[1]) as photo:
    photo.putalpha(128)
    page.drawImage(ImageReader(photo.rotate(30, expand=True)), 50, 200, mask="auto")
page.save()
assert out.getvalue().count(b"/Subtype /Image") == 3, "two pictures and the mask of one"
print("reportlab:", len(out.getvalue()))
END
}

build
look
check_fields
if [ $install = yes ]; then
    apt-get install -y -qq --no-install-recommends "$work"/python3-pillow-simd[_.]*.deb python3-qrcode img2pdf \
        python3-reportlab
    dpkg-query -W -f '${Package} ${Status}\n' python3-pil 2>/dev/null | grep -q ' installed' \
        && { say "python3-pil is still there"; exit 1; }
else
    unpack "$work"/python3-pillow-simd[_.]*.deb
    fetch_programs
fi
programs
say "all of it works"
