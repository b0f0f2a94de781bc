"""Which Tk tkinter uses: for ``_imagingtk``, which looks for its functions, and for features."""

from __future__ import annotations

import tkinter  # noqa: ICN001  the name that programs know
from tkinter import _tkinter  # type: ignore[attr-defined]

#: File of the module ``_tkinter``, through which the functions of Tcl and Tk are found; None if
#: it is built into the interpreter.
TKINTER_LIB: str | None = getattr(_tkinter, "__file__", None)

tk_version = str(tkinter.TkVersion)
