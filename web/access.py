"""Who may see a page. Nobody signs in yet: so only this machine, addressed by a name of its own."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from fastapi import Request

from config.settings import Settings


def is_loopback(host: str) -> bool:
    """Return whether `host`, a name or an address, is this machine and nothing beyond it."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def from_this_machine(request: Request, settings: Settings) -> bool:
    """Return whether the request names this machine, or the portal's own name, as its host.

    A page from outside can make a browser here send requests to loopback under a name of its own (DNS rebinding).
    """
    named = urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
    return is_loopback(named) or named == urlsplit(settings.portal_url).hostname
