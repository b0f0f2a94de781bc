#!/usr/bin/env bash
# Installs the libraries that a build needs, and with --tests the programs that the tests need.
#
#   depends/install.sh [--tests]
#
# Knows Debian and Ubuntu (apt), Fedora (dnf) and Alpine (apk). Without root or sudo, or on another
# system, it installs nothing and names what is missing; it then fails only if something required is.
set -eu

tests=no
[ "${1:-}" = --tests ] && tests=yes

if command -v apt-get >/dev/null; then
    packages="gcc make pkg-config python3 python3-dev python3-venv zlib1g-dev libjpeg-dev libdeflate-dev
        libtiff-dev libwebp-dev libavif-dev libopenjp2-7-dev liblcms2-dev libfreetype-dev libraqm-dev
        libxcb1-dev libimagequant-dev"
    # The fonts are those of Tests/oracle/areas_text.py; libegl1 to libglib2.0-0 are for PySide6.
    more="clang cppcheck libclang-rt-14-dev git culmus fonts-dejavu-core fonts-hosny-amiri
        fonts-inter-variable fonts-lohit-deva fonts-noto-color-emoji fonts-tlwg-loma-ttf
        fonts-wqy-microhei libtiff-tools xfonts-100dpi ghostscript libjpeg-turbo-progs
        locales netpbm python3-tk xclip xvfb libegl1 libfontconfig1 libgl1 libglib2.0-0
        libxkbcommon0 file gifsicle icoutils imagemagick libavif-bin libimage-exiftool-perl
        libopenjp2-tools pngcheck poppler-utils webp"
    have() { dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q 'ok installed'; }
    refresh="apt-get update -qq"
    install="env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends"
elif command -v dnf >/dev/null; then
    packages="gcc make pkgconf-pkg-config python3 python3-devel zlib-devel libjpeg-turbo-devel libdeflate-devel
        libtiff-devel libwebp-devel libavif-devel openjpeg-devel lcms2-devel freetype-devel libraqm-devel
        libxcb-devel libimagequant-devel"
    more="clang compiler-rt cppcheck git ghostscript glibc-langpack-pl libjpeg-turbo-utils netpbm-progs
        python3-tkinter xclip xorg-x11-server-Xvfb"
    have() { rpm -q "$1" >/dev/null 2>&1; }
    refresh=true
    install="dnf install -y -q"
elif command -v apk >/dev/null; then
    packages="gcc musl-dev linux-headers make pkgconf python3 python3-dev zlib-dev libjpeg-turbo-dev libdeflate-dev
        tiff-dev libwebp-dev libavif-dev openjpeg-dev lcms2-dev freetype-dev libraqm-dev
        libxcb-dev libimagequant-dev"
    more="clang compiler-rt cppcheck git ghostscript libjpeg-turbo-utils netpbm python3-tkinter xclip
        xvfb"
    have() { apk info -e "$1" >/dev/null 2>&1; }
    refresh="apk update -q"
    install="apk add -q"
else
    echo "depends/install.sh knows apt, dnf and apk; here, install by hand: a C compiler, make," \
        "pkg-config, the headers of Python (3.11 or later), zlib, libjpeg-turbo and, for speed," \
        "libdeflate" >&2
    exit 0
fi

[ $tests = yes ] && packages="$packages $more"
missing=""
for p in $packages; do
    have "$p" || missing="$missing $p"
done

# A name that this release of the distribution does not know (libclang-rt-14-dev) must not keep the
# others from being installed, so on failure they go in one by one.
try_install() {
    $1 $refresh >/dev/null
    # shellcheck disable=SC2086
    $1 $install $missing >/dev/null && return 0
    for p in $missing; do
        $1 $install "$p" >/dev/null || echo "depends/install.sh: could not install $p" >&2
    done
}

# The Polish locale of a test of Pillow's, which Debian compiles on demand.
needs_locale() {
    [ $tests = yes ] && [ -e /usr/share/i18n/locales/pl_PL ] && ! locale -a | grep -qix 'pl_PL\.iso88592'
}

run_as=none
if [ "$(id -u)" = 0 ]; then
    run_as=""
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    run_as=sudo
fi

if [ "$run_as" != none ]; then
    [ -z "$missing" ] || try_install "$run_as"
    ! needs_locale || $run_as localedef -i pl_PL -f ISO-8859-2 pl_PL.ISO-8859-2 \
        || echo "depends/install.sh: could not compile the locale pl_PL" >&2
elif [ -n "$missing" ]; then
    echo "depends/install.sh: neither root nor sudo; missing:$missing" >&2
fi

status=0
for tool in cc make pkg-config; do
    command -v $tool >/dev/null || { echo "depends/install.sh: still missing: $tool" >&2; status=1; }
done
exit $status
