"""The challenges of firewalls: pages that stand before a portal until a client brings the cookie that they set.

Each gives None where the request has that cookie, and the site then answers.
"""

from __future__ import annotations

import hashlib
from typing import Final

from monitor.demo.messages import Reply, Request

_HTML: Final = (("Content-Type", "text/html; charset=utf-8"),)


def _token(request: Request, purpose: str) -> str:
    """A token of the portal's own: a cookie of another port of this machine does not open this one."""
    return hashlib.sha256(f"{purpose}|{request.host}".encode()).hexdigest()[:20]


def _cookies(request: Request) -> dict[str, str]:
    pairs = (part.strip().partition("=") for part in request.headers.get("cookie", "").split(";"))
    return {name: value for name, _, value in pairs}


def clearance(request: Request) -> Reply | None:
    """Two pages of script, as 加速乐 has them: the first sets a cookie outright, the second has to search for it."""
    second = _token(request, "second")
    got = _cookies(request).get("__jsl_clearance_s", "")
    if got == f"1706500000.5|0|{second}%3D":
        return None
    headers = (*_HTML, ("Set-Cookie", f"__jsluid_s={_token(request, 'uid')}; max-age=31536000; path=/; HttpOnly"))
    if got != f"1706500000.5|-1|{_token(request, 'first')}%3D":
        name = "+".join(f"('{letter}')" for letter in "__jsl_clearance_s")
        setting = (
            f"document.cookie={name}+'=1706500000.5|-1|{_token(request, 'first')}%3D;max-age=3600;path=/';"
            "location.href=location.pathname+location.search"
        )
        return Reply(521, headers, f"<script>{setting}</script>".encode())
    return Reply(521, headers, (_SEARCHING % (second[:-2], _checksum(second))).encode())


def _checksum(text: str) -> int:
    """What the challenge's script computes: a sum that only the right two characters give."""
    total = 7
    for letter in text:
        total = (total * 31 + ord(letter)) % 1000003
    return total


_SEARCHING: Final = """<script>
function sum(text) {
  var total = 7;
  for (var k = 0; k < text.length; k++) { total = (total * 31 + text.charCodeAt(k)) %% 1000003; }
  return total;
}
(function go(data) {
  var signs = "0123456789abcdef";
  for (var i = 0; i < 16; i++) {
    for (var j = 0; j < 16; j++) {
      var tried = data.bts + signs[i] + signs[j];
      if (sum(tried) === data.ct) {
        document.cookie = data.tn + "=1706500000.5|0|" + tried + "%%3D;max-age=3600;path=/";
        location.href = location.pathname + location.search;
        return;
      }
    }
  }
})({bts: "%s", ct: %d, tn: "__jsl_clearance_s", wt: "1500"});
</script>"""


def cookie(request: Request) -> Reply | None:
    """A redirect to the same address that sets a cookie."""
    token = _token(request, "cookie")
    if _cookies(request).get("CT6T") == token:
        return None
    return Reply(302, (("Location", request.target), ("Set-Cookie", f"CT6T={token}; path=/")))


def script(request: Request) -> Reply | None:
    """A page that asks for JavaScript; its script sets a cookie and loads the page again."""
    token = _token(request, "wzws")
    if _cookies(request).get("wzws_cid") == token:
        return None
    text = (
        "<html><head><noscript><title>请开启JavaScript并刷新该页.</title></noscript></head><body><script>"
        f'var wzwsquestion="{token}",wzwsfactor="4",wzwsmethod="GET",wzwsparams="";'
        'document.cookie="wzws_cid="+wzwsquestion+";path=/";window.location.reload();</script></body></html>'
    )
    return Reply(200, _HTML, text.encode())


def captcha(request: Request) -> Reply:
    """A page that wants a person to read an image; nothing opens it."""
    text = (
        "<!DOCTYPE html><html><head><meta charset='utf-8'><title>安全验证</title></head><body><h3>访问过于频繁</h3>"
        "<form action='/waf/verify' method='post'><p>您的访问存在异常，请输入验证码后继续访问。</p>"
        "<img src='/waf/captcha.png' alt='验证码'><input name='code'><button>提交</button></form></body></html>"
    )
    return Reply(200, _HTML, text.encode())
