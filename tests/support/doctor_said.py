"""What one run of the doctor said, and the settings files it is given."""

from __future__ import annotations

from pathlib import Path

from kiosk.insurance.emulator import PortalEmulator


class Said:
    """The findings of one run by check, and its exit code."""

    def __init__(self, code: int, findings: list[dict]) -> None:
        self.exit_code = code
        self.findings = findings

    def of(self, check: str) -> dict:
        [finding] = [finding for finding in self.findings if finding["check"] == check]
        return finding

    def code(self, check: str) -> str:
        return self.of(check)["code"]

    @property
    def missing(self) -> set[str]:
        return {finding["check"] for finding in self.findings if finding["state"] == "missing"}


def settings(folder: Path, text: str) -> Path:
    path = folder / "kiosk.toml"
    path.write_text(text, encoding="utf-8")
    return path


def printer_at(port: int) -> str:
    return f'[printer]\nkind = "tcp"\nhost = "127.0.0.1"\nport = {port}\n'


def hub_settings(folder: Path, portal: PortalEmulator, **changes: str) -> Path:
    options = portal.client_options(portal.url)
    given = {
        "base_url": options.base_url,
        "username": options.username,
        "password": options.password,
        "officer_name": options.officer_name,
        "officer_number": options.officer_number,
    } | changes
    for secret in ("password", "officer_number"):
        (folder / secret).write_text(given.pop(secret), encoding="utf-8")
    lines = [f'{name} = "{value}"' for name, value in given.items()]
    lines += [f'{secret} = {{ file = "{secret}" }}' for secret in ("password", "officer_number")]
    path = folder / "hub-settings.toml"
    path.write_text("\n".join(["[insurance]", *lines]), encoding="utf-8")
    return path
