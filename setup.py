"""Builds the extension modules. The flags and their meaning stand in _build/config.py."""

from __future__ import annotations

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "_build"))

import extensions

extensions.run_setup()
