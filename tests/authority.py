"""Certificates for tests: a station's own CA, and what it signs (or does not)."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import time_machine
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID


def now() -> datetime:
    """By the machine's clock: OpenSSL and browsers do not follow the tests'."""
    hatch = time_machine.escape_hatch
    return hatch.datetime.datetime.now(UTC) if hatch.is_travelling() else datetime.now(UTC)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


@dataclass(frozen=True)
class Authority:
    """A station's CA."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate
    name: str

    @classmethod
    def make(cls, name: str = "Station CA of the tests") -> Authority:
        """A new one."""
        key = ec.generate_private_key(ec.SECP256R1())
        return cls(key, _built(name, key, name, key, days=30, is_ca=True), name)

    def write(self, path: Path) -> Path:
        """The CA's certificate as a PEM file."""
        path.write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))
        return path

    def sign(
        self, folder: Path, host: str, *, days: float = 30, old: float = 1, itself: bool = False
    ) -> tuple[Path, Path]:
        """Certificate and key files of a server; made `old` days ago for `days`, signed by the CA or by `itself`."""
        key = ec.generate_private_key(ec.SECP256R1())
        issuer, by = (host, key) if itself else (self.name, self.key)
        made = _built(host, key, issuer, by, days=days, old=old)
        certificate, secret = folder / f"{host}.crt", folder / f"{host}.key"
        certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
        secret.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        return certificate, secret

    @property
    def pin(self) -> str:
        """The hash of its public key, as Chromium's --ignore-certificate-errors-spki-list wants it."""
        return pin_of(self.certificate)


def pin_of(certificate: x509.Certificate) -> str:
    """Base64 SHA-256 of a certificate's public key."""
    public = certificate.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return base64.b64encode(hashlib.sha256(public).digest()).decode()


def _built(
    host: str, key: ec.EllipticCurvePrivateKey, issuer: str, by: ec.EllipticCurvePrivateKey, *, days: float,
    old: float = 1, is_ca: bool = False,
) -> x509.Certificate:  # fmt: skip
    begins = now() - timedelta(days=old)
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(host))
        .issuer_name(_name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
    )
    if not is_ca:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    return builder.sign(by, hashes.SHA256())
