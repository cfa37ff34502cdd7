"""The errors that reach a user: each is one line (Chinese) that names the thing and the mend.

NianbaoError                 exit code of the command line
├── UsageError         2     the call's own words are wrong
├── RegistryError      2     a row of portals.csv or agencies.csv is refused; carries every bad row
├── SettingsError      2     an environment variable or a settings file is wrong
├── HomeError          2     the home folder cannot be used (missing, not writable, disk full)
├── Busy               2     another round holds the lock
├── Unreadable         2     a document could not be read; carries why
└── DeliveryError            a channel did not take a message; never ends a command
    ├── TemporaryDeliveryError   try again later
    └── PermanentDeliveryError   trying again cannot help
"""

from __future__ import annotations

from collections.abc import Sequence


class NianbaoError(Exception):
    """Base of all errors that are shown to a user as one line."""

    exit_code = 2


class UsageError(NianbaoError):
    """The command line asks for something that does not exist."""


class RegistryError(NianbaoError):
    """One or more rows of a registry file are refused; nothing of it was taken.

    `problems`: one Chinese line per bad row, each naming file, line, column and mend.
    """

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class SettingsError(NianbaoError):
    """A setting is missing or cannot be understood; the message names the variable and the mend."""


class HomeError(NianbaoError):
    """The home folder cannot be read or written."""


class Busy(NianbaoError):
    """Another process is running a round in this home."""


class Unreadable(NianbaoError):
    """A document cannot be read; the message says why in one Chinese line."""


class DeliveryError(NianbaoError):
    """A channel did not take a message."""


class TemporaryDeliveryError(DeliveryError):
    """The channel may take the message later."""


class PermanentDeliveryError(DeliveryError):
    """The channel will never take this message as it is."""
