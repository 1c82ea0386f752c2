"""By what name the portal may be called, and what counts as this machine."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from config.settings import Settings


def is_loopback(host: str) -> bool:
    """Return whether `host`, a name or an address, is this machine and nothing beyond it."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_ours(host_header: str, settings: Settings) -> bool:
    """Return whether a request's Host names this machine or the portal's own name.

    A page from outside can make a browser here send requests to loopback under a name of its own (DNS rebinding), and
    a forged Host would end up in links: so nothing is answered under a name that is not ours.
    """
    try:
        named = urlsplit(f"//{host_header}").hostname or ""
    except ValueError:
        return False
    return is_loopback(named) or named == urlsplit(settings.portal_url).hostname
