"""The ways out of the house. Settings say which one is used; what is in the portal is seen without being sent."""

from __future__ import annotations

from config.settings import Settings
from notifications.channels.channel import Channel, Outcome, Outgoing, Report
from notifications.channels.email import EmailChannel
from notifications.channels.maildir import MaildirChannel

__all__ = ["Channel", "EmailChannel", "MaildirChannel", "Outcome", "Outgoing", "Report", "choose"]


def choose(settings: Settings) -> Channel:
    """Return the channel for mail: a mail server when one is set, else the Maildir."""
    return EmailChannel(settings) if settings.smtp_host else MaildirChannel(settings)
