"""The core of Tiếp Đón: domain, use cases, storage, insurance, hub, station, and the composition roots in `app`."""

from importlib.metadata import version as _version

__version__ = _version("tiepdon")
