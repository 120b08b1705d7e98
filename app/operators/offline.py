"""Whether browsers let tablets keep pages at the address of this installation: https, and a certificate that they trust."""

from __future__ import annotations

import socket
import ssl
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from app.core import clock

LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
SEE = "see README, “Tablets: address and certificate”"
#: A certificate that ends within this is not well: tablets that are out must not come home to a closed door.
SOON = timedelta(days=14)
#: The longest life of a server's certificate that iPads take, also from a station's own CA.
LONGEST = timedelta(days=825)

# OpenSSL's X509_V_ERR numbers.
_EXPIRED, _NOT_YET, _SELF_SIGNED, _OWN_CA, _OTHER_NAME = {10}, {9}, {18}, {19, 20, 21}, {62, 64}


def refused(host: str, code: int, reason: str) -> str:
    """What to do about a certificate that this machine refuses; `code` is OpenSSL's number, `reason` its words."""
    if code in _EXPIRED:
        return f"the certificate of {host} has expired: renew it; until then tablets take nothing along"
    if code in _NOT_YET:
        return f"the certificate of {host} is not valid yet: look at the clock of this machine, or wait"
    if code in _OTHER_NAME:
        return f"the certificate is not for {host}: have one made whose subjectAltName is that name; {SEE}"
    if code in _SELF_SIGNED:
        return (
            f"the certificate of {host} is signed by itself: a browser that was told to go on anyway still refuses "
            f"to work offline. Take a real certificate, or one of a station CA; {SEE}"
        )
    if code in _OWN_CA:
        return (
            f"nobody this machine trusts has signed the certificate of {host}: either the proxy does not send the "
            f"intermediate certificate, or it is a station CA, which must be installed here and on every tablet; {SEE}"
        )
    return f"{host}: {reason}; browsers refuse to work offline; {SEE}"


def lasting(host: str, begins: datetime, ends: datetime, now: datetime) -> tuple[bool, str]:
    """Whether a certificate that is trusted lasts long enough, and not longer than tablets accept."""
    until = f"{ends:%Y-%m-%d}"
    if ends - now < SOON:
        return False, f"{host}: the certificate ends on {until}, in {(ends - now).days} days: renew it now"
    if ends - begins > LONGEST:
        return False, f"{host}: the certificate is made for {(ends - begins).days} days; iPads refuse more than 825"
    return True, f"{host} has a trusted certificate until {until}; a station's own CA must be on each tablet too"


def _moment(text: object) -> datetime:
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(text)), UTC)


def look(base_url: str, *, wait_s: float = 5) -> tuple[bool, str]:
    """Whether offline work is possible at this address, and a sentence on what was found and what to do."""
    address = urlsplit(base_url)
    host, port = address.hostname or "", address.port or 443
    if address.scheme != "https":
        if host in LOCAL:
            return True, "only in a browser on this machine; tablets need XF_PUBLIC_URL with https on a real name"
        return False, f"plain http on {host}: browsers keep nothing offline; set XF_PUBLIC_URL to https; {SEE}"
    try:
        with (
            socket.create_connection((host, port), timeout=wait_s) as line,
            ssl.create_default_context().wrap_socket(line, server_hostname=host) as safe,
        ):
            told = safe.getpeercert() or {}
    except ssl.SSLCertVerificationError as problem:
        return False, refused(host, problem.verify_code, problem.verify_message)
    except OSError as problem:
        return False, f"{host}:{port} does not answer ({problem}); the certificate could not be looked at"
    return lasting(host, _moment(told["notBefore"]), _moment(told["notAfter"]), clock.now())
