"""The replica sites, one file each. A new one is a file, a place in localities.py and a line here."""

from __future__ import annotations

from typing import Final

from monitor.demo.site import Site
from monitor.demo.sites.baihe import Baihe
from monitor.demo.sites.beizhuang import Beizhuang
from monitor.demo.sites.boshan import Boshan
from monitor.demo.sites.chenxi import Chenxi
from monitor.demo.sites.gaoxin import Gaoxin
from monitor.demo.sites.guling import Guling
from monitor.demo.sites.haizhou import Haizhou
from monitor.demo.sites.hechuan import Hechuan
from monitor.demo.sites.linhe import Linhe
from monitor.demo.sites.luanhe import Luanhe
from monitor.demo.sites.nanlan import Nanlan
from monitor.demo.sites.ningtang import Ningtang
from monitor.demo.sites.qishan import Qishan
from monitor.demo.sites.qufu import Qufu
from monitor.demo.sites.shuangxi import Shuangxi
from monitor.demo.sites.taohu import Taohu
from monitor.demo.sites.tongguan import Tongguan
from monitor.demo.sites.wanshan import Wanshan
from monitor.demo.sites.xinping import Xinping
from monitor.demo.sites.xuecheng import Xuecheng
from monitor.demo.sites.yunze import Yunze

#: The five that the demo and most tests run.
SITES: Final[dict[str, type[Site]]] = {site.portal: site for site in (Xuecheng, Qufu, Boshan, Gaoxin, Tongguan)}

#: Every family; the further ones stand for portals of other platforms and run only where they are asked for.
ALL_SITES: Final = SITES | {
    site.portal: site
    for site in (
        Linhe,
        Wanshan,
        Yunze,
        Luanhe,
        Xinping,
        Haizhou,
        Ningtang,
        Qishan,
        Baihe,
        Nanlan,
        Shuangxi,
        Beizhuang,
        Hechuan,
        Guling,
        Taohu,
        Chenxi,
    )
}
