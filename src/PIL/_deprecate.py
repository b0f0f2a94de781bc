"""One wording for all deprecation warnings of the package."""

from __future__ import annotations

import warnings

from . import __version__

_RELEASE_DATES = {14: "2027-10-15", 15: "2028-10-15"}


def _removal(deprecated: str, when: int | None, plural: bool) -> str:
    if when is None:
        return "a future version"
    if when <= int(__version__.split(".", 1)[0]):
        msg = f"{deprecated} {'are' if plural else 'is'} deprecated and should be removed."
        raise RuntimeError(msg)
    try:
        return f"Pillow {when} ({_RELEASE_DATES[when]})"
    except KeyError:
        msg = f"Unknown removal version: {when}. Update {__name__}?"
        raise ValueError(msg) from None


def deprecate(
    deprecated: str,
    when: int | None,
    replacement: str | None = None,
    *,
    action: str | None = None,
    plural: bool = False,
    stacklevel: int = 3,
) -> None:
    """Issue a :exc:`DeprecationWarning` that says what goes, when, and what to use instead.

    :param deprecated: Name of the thing.
    :param when: Major version that removes it; None for an undecided one.
    :param replacement: What to use instead. Not together with ``action``.
    :param action: A sentence that tells what to do instead.
    :param plural: Whether ``deprecated`` is a plural.
    :param stacklevel: As for :func:`warnings.warn`; 3 blames the caller of the caller.
    :exception RuntimeError: If ``when`` is a version that is out already.
    :exception ValueError: If ``when`` is unknown, or with both ``replacement`` and ``action``.
    """
    removed = _removal(deprecated, when, plural)
    if replacement and action:
        msg = "Use only one of 'replacement' and 'action'"
        raise ValueError(msg)
    if replacement:
        advice = f". Use {replacement} instead."
    elif action:
        advice = f". {action.rstrip('.')}."
    else:
        advice = ""
    verb = "are" if plural else "is"
    text = f"{deprecated} {verb} deprecated and will be removed in {removed}{advice}"
    warnings.warn(text, DeprecationWarning, stacklevel=stacklevel)
