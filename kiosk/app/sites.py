"""The site file of a data folder, bound to the domain's values. The first start puts the shipped example there."""

from __future__ import annotations

import logging
from datetime import timedelta
from importlib.resources import files
from pathlib import Path

from config.problems import SettingsError
from config.site import ServiceOptions, TextOptions, load_site
from config.site import Site as SiteOptions
from kiosk.domain.localized import LocalizedText
from kiosk.domain.service import Counter, OpenHours, Service
from kiosk.domain.site import Site
from kiosk.storage.whole_file import write_whole

log = logging.getLogger("tiepdon.site")

SITE_FILE = "site.toml"
GOOD_SITE_FILE = "site.last-good.toml"


def site_of(data: Path) -> Site:
    """The site configured in `data`; a file that is gone is made anew, as it was last served.

    Raises `OSError`, or `config.problems.SettingsError` with every problem of it."""
    path = data / SITE_FILE
    if not path.exists():
        good = data / GOOD_SITE_FILE
        example = files("config").joinpath("examples", "services.toml")
        write_whole(path, good.read_bytes() if good.exists() else example.read_bytes(), mode=0o640)
    return bind_site(load_site(path))


def site_to_serve(data: Path) -> tuple[Site, SettingsError | None]:
    """The site configured in `data`; where its file has mistakes, the site as it was last served, and the mistakes.

    A hub that refused to start would close a hospital, and half a site would lose services. Raises `OSError`, and
    `SettingsError` where no site was served before."""
    path, good = data / SITE_FILE, data / GOOD_SITE_FILE
    try:
        site = site_of(data)
    except SettingsError as error:
        if not good.exists():
            raise
        return _last_good(good, error), error
    try:
        if not good.exists() or good.read_bytes() != path.read_bytes():
            write_whole(good, path.read_bytes(), mode=0o640)
    except OSError as error:  # a full disk is no reason not to serve
        log.warning("no copy of the site file could be kept: %s", error.strerror)
    return site, None


def _last_good(good: Path, error: SettingsError) -> Site:
    """Raises `error` where that is of no use either."""
    try:
        return bind_site(load_site(good))
    except SettingsError:
        raise error from None


def bind_site(options: SiteOptions) -> Site:
    """Checked options as the domain's site."""
    return Site(
        id=options.hospital.site_id,
        hospital=_text(options.hospital.name),
        time_zone=options.hospital.time_zone,
        services=tuple(_service(service) for service in options.services),
        counters=tuple(Counter(id=c.id, name=_text(c.name), services=c.services) for c in options.counters),
        head_start=timedelta(minutes=options.hospital.priority_head_start_min),
    )


def _service(options: ServiceOptions) -> Service:
    return Service(
        id=options.id,
        prefix=options.prefix,
        name=_text(options.name),
        room=_text(options.room),
        directions=_text(options.directions),
        hours=tuple(OpenHours(opens=hours.opens, closes=hours.closes) for hours in options.hours),
        daily_limit=options.daily_limit,
        for_insured=options.for_insured,
        for_uninsured=options.for_uninsured,
        mean_service_min=options.mean_service_min,
    )


def _text(options: TextOptions) -> LocalizedText:
    return LocalizedText(vi=options.vi, en=options.en)
