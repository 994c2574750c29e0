"""TLS of both ends, from PEM files."""

from dataclasses import dataclass
from pathlib import Path

import grpc

from vsg_tf.errors import InputError


def _read(path: Path | None) -> bytes | None:
    if path is None:
        return None
    try:
        content = Path(path).read_bytes()
    except OSError as error:
        raise InputError(f"Cannot read {path}; name a PEM file.") from error
    if b"-----BEGIN" not in content:
        raise InputError(f"{path} is not a PEM file; convert it to one.")
    return content


@dataclass(frozen=True)
class ClientTls:
    """How a client knows its server, and makes itself known.

    Args:
        ca: certificates to trust; None: the system's.
        certificate: of the client, for mutual TLS.
        key: of `certificate`.
        server_name: name in the server's certificate, where it differs from the address.
    """

    ca: Path | None = None
    certificate: Path | None = None
    key: Path | None = None
    server_name: str | None = None

    def credentials(self) -> grpc.ChannelCredentials:
        """Credentials of a channel.

        Raises:
            InputError: a file cannot be read, or one of certificate and key is missing.
        """
        if (self.certificate is None) != (self.key is None):
            raise InputError("Mutual TLS needs both a certificate and its key.")
        return grpc.ssl_channel_credentials(
            _read(self.ca), _read(self.key), _read(self.certificate)
        )


@dataclass(frozen=True)
class ServerTls:
    """How a server makes itself known, and whom it lets in.

    Args:
        certificate: with its chain.
        key: of `certificate`.
        client_ca: clients must show a certificate of this authority; None: anyone may call.
    """

    certificate: Path
    key: Path
    client_ca: Path | None = None

    def credentials(self) -> grpc.ServerCredentials:
        """Credentials of a port.

        Raises:
            InputError: a file cannot be read.
        """
        return grpc.ssl_server_credentials(
            [(_read(self.key), _read(self.certificate))],
            _read(self.client_ca),
            require_client_auth=self.client_ca is not None,
        )


def bearer(token_file: Path) -> tuple[str, str]:
    """The call metadata `authorization: Bearer <the file's one line>`.

    Raises:
        InputError: the file cannot be read, or holds anything but one line of printable ASCII.
    """
    try:
        token = Path(token_file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"Cannot read {token_file}; name a file that holds a token.") from error
    if not token or not (token.isascii() and token.isprintable()):
        raise InputError(f"{token_file} must hold a token in one line.")
    return ("authorization", f"Bearer {token}")
