"""The replica sites, one file each. A new one is a file and a line here."""

from __future__ import annotations

from typing import Final

from monitor.demo.site import Site
from monitor.demo.sites.boshan import Boshan
from monitor.demo.sites.gaoxin import Gaoxin
from monitor.demo.sites.qufu import Qufu
from monitor.demo.sites.tongguan import Tongguan
from monitor.demo.sites.xuecheng import Xuecheng

SITES: Final[dict[str, type[Site]]] = {site.portal: site for site in (Xuecheng, Qufu, Boshan, Gaoxin, Tongguan)}
