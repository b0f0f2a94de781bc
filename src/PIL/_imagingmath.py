"""ImageMath's operations on core images, under the names that Pillow's own module has.

``add_I``, ``add_F``, ... are numbers of operations, to be given to :func:`unop` or :func:`binop`
together with capsules of images of that mode (``Image.getim()``): that of the result first. If it
is None the result is a new core image like the first operand, which is returned. The arithmetic
is in ``src/libImaging/math``.
"""

from __future__ import annotations

from . import _imaging

unop = _imaging.math_unop
binop = _imaging.math_binop
globals().update(_imaging.math_operations())
