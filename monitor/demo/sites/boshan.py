"""博山区: the gongkai platform with static lists; its server answers conditional requests."""

from __future__ import annotations

from monitor.demo.sites.gongkai import Gongkai


class Boshan(Gongkai):
    portal = "boshan"
    has_validators = True
