"""The places that have a replica portal: five real ones, and invented counties whose portals are of other families.

Data only: names, codes and streets.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Locality:
    """A place with a portal. `short` begins its agencies' names in the roster, `official` in titles and texts."""

    portal: str
    short: str
    official: str
    slug: str
    region: str
    site_name: str
    domain: str
    government: str
    phone_code: str
    postcode: str
    streets: tuple[str, ...]


LOCALITIES: Final[dict[str, Locality]] = {
    locality.portal: locality
    for locality in (
        Locality(
            portal="xuecheng",
            short="薛城区",
            official="薛城区",
            slug="xcq",
            region="370403",
            site_name="薛城区人民政府",
            domain="www.xuecheng.gov.cn",
            government="薛城区人民政府",
            phone_code="0632",
            postcode="277000",
            streets=("燕山路", "泰山南路", "珠江路", "永福中路"),
        ),
        Locality(
            portal="qufu",
            short="曲阜市",
            official="曲阜市",
            slug="qfs",
            region="370881",
            site_name="曲阜市人民政府",
            domain="www.qufu.gov.cn",
            government="曲阜市人民政府",
            phone_code="0537",
            postcode="273100",
            streets=("静轩路", "大同路", "逵泉路", "裕隆路"),
        ),
        Locality(
            portal="boshan",
            short="博山区",
            official="淄博市博山区",
            slug="bsq",
            region="370304",
            site_name="博山区人民政府",
            domain="www.boshan.gov.cn",
            government="淄博市博山区人民政府",
            phone_code="0533",
            postcode="255200",
            streets=("中心路", "新建一路", "沿河东路", "白虎山路"),
        ),
        Locality(
            portal="gaoxin",
            short="淄博高新区",
            official="淄博高新技术产业开发区",
            slug="gxq",
            region="370300",
            site_name="淄博高新技术产业开发区管理委员会",
            domain="www.china-zibo.gov.cn",
            government="淄博高新技术产业开发区管理委员会",
            phone_code="0533",
            postcode="255000",
            streets=("柳泉路", "鲁泰大道", "中润大道", "万杰路"),
        ),
        Locality(
            portal="tongguan",
            short="铜官区",
            official="铜官区",
            slug="tgq",
            region="340705",
            site_name="铜陵市铜官区人民政府",
            domain="www.tltg.gov.cn",
            government="铜官区人民政府",
            phone_code="0562",
            postcode="244000",
            streets=("石城大道", "义安北路", "长江中路", "淮河大道"),
        ),
    )
}

#: The further portals' places, all invented: (portal, name, name in titles, pinyin, region, phone code, postcode).
_INVENTED: Final = (
    ("linhe", "临禾县", "临禾县", "lhx", "410790", "0373", "453390"),
    ("wanshan", "万杉区", "清原市万杉区", "wsq", "330190", "0571", "310190"),
    ("yunze", "云泽市", "云泽市", "yzs", "371790", "0530", "274190"),
    ("luanhe", "栾河县", "栾河县", "lhx", "340190", "0551", "230190"),
    ("xinping", "新坪县", "新坪县", "xpx", "320390", "0516", "221190"),
    ("haizhou", "海洲区", "东屿市海洲区", "hzq", "330990", "0580", "316190"),
    ("ningtang", "宁塘县", "宁塘县", "ntx", "430190", "0731", "410190"),
    ("qishan", "岐杉县", "岐杉县", "qsx", "530490", "0877", "653190"),
    ("baihe", "白荷县", "白荷县", "bhx", "620590", "0938", "741690"),
    ("nanlan", "南岚区", "珠陵市南岚区", "nlq", "440690", "0757", "528190"),
    ("shuangxi", "双汐县", "双汐县", "sxx", "340890", "0556", "246190"),
    ("beizhuang", "北庄县", "北庄县", "bzx", "130490", "0310", "056190"),
    ("hechuan", "禾川县", "禾川县", "hcx", "341290", "0558", "236190"),
    ("guling", "古陵县", "古陵县", "glx", "510390", "0813", "643190"),
    ("taohu", "桃湖县", "桃湖县", "thx", "450390", "0773", "541490"),
    ("chenxi", "辰熙区", "昌宁市辰熙区", "cxq", "360190", "0791", "330190"),
)

COUNTIES: Final[dict[str, Locality]] = {
    portal: Locality(
        portal=portal,
        short=short,
        official=official,
        slug=slug,
        region=region,
        site_name=f"{short}人民政府",
        domain=f"www.{portal}.gov.example",
        government=f"{official}人民政府",
        phone_code=phone_code,
        postcode=postcode,
        streets=("人民路", "建设街", "文化路", "迎宾大道"),
    )
    for portal, short, official, slug, region, phone_code, postcode in _INVENTED
}

#: Every place that has a replica portal.
PLACES: Final = LOCALITIES | COUNTIES
