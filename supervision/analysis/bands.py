"""Bands (梯队): which districts the weights of the scheme can tell apart, and which they cannot.

Two districts whose rank intervals overlap may change places when the weights are a little different. They share a
band, and so does everybody who is linked to them by such overlaps: no two that cannot be told apart are ever parted.
Between two bands the order is firm. Source: docs/decisions/039.
"""

from __future__ import annotations

from dataclasses import dataclass

from config.plan.numerals import ordinal
from supervision.scoring.result import DistrictScore, Result


@dataclass(frozen=True, slots=True)
class Member:
    """One district of a band.

    `firmly_above` and `firmly_below` name the districts whose whole interval lies behind or before this one's: the
    order within a long band that holds nevertheless.
    """

    code: str
    name: str
    rank: int
    rank_interval: tuple[int, int]
    firmly_above: tuple[str, ...]
    firmly_below: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """Return plain data."""
        return {
            "code": self.code,
            "name": self.name,
            "rank": self.rank,
            "rank_interval": list(self.rank_interval),
            "firmly_above": list(self.firmly_above),
            "firmly_below": list(self.firmly_below),
        }


@dataclass(frozen=True, slots=True)
class Band:
    """Districts in rank order that share a band; `number` counts from 1, the highest."""

    number: int
    members: tuple[Member, ...]

    @property
    def title(self) -> str:
        """Return 第一梯队 and so on."""
        return f"第{ordinal(self.number)}梯队"

    @property
    def ranks(self) -> tuple[int, int]:
        """Return the first and the last rank in the band."""
        return self.members[0].rank, self.members[-1].rank

    @property
    def words(self) -> str:
        """Return who is in the band, and what that means."""
        names = "、".join(member.name for member in self.members)
        if len(self.members) == 1:
            return f"{self.title}：{names}，权重在 ±20% 内变动时位次稳定，与其他单位拉开了差距"
        low, high = self.ranks
        if all(member.rank_interval == (low, low) for member in self.members):
            return f"{self.title}：{names}，并列第 {low} 位，权重在 ±20% 内变动时仍然并列"
        held = f"第 {low} 至第 {high} 位" if low != high else f"并列第 {low} 位"
        return f"{self.title}：{names}（{held}），权重在 ±20% 内变动时位次相互交错，不宜强分先后"

    def as_json(self) -> dict[str, object]:
        """Return plain data."""
        return {
            "number": self.number,
            "title": self.title,
            "ranks": list(self.ranks),
            "members": [member.as_json() for member in self.members],
            "words": self.words,
        }


def bands(result: Result) -> tuple[Band, ...]:
    """Return the bands of the ranked districts, the highest first; who is not ranked (数据不足) is in none.

    A new band begins where no rank interval reaches from the districts before to those after. Ranks are whole
    numbers: intervals overlap when they have a rank in common.
    """
    ranked = [district for district in result.districts if district.rank is not None]
    members = sorted((_member(district, ranked) for district in ranked), key=_place)
    groups: list[list[Member]] = []
    reach = 0
    for member in members:
        low, high = member.rank_interval
        if not groups or low > reach:
            groups.append([])
        groups[-1].append(member)
        reach = max(reach, high)
    in_order = (sorted(group, key=lambda member: (member.rank, member.code)) for group in groups)
    return tuple(Band(number, tuple(group)) for number, group in enumerate(in_order, start=1))


def _place(member: Member) -> tuple[int, int, str]:
    return (*member.rank_interval, member.code)


def _member(district: DistrictScore, ranked: list[DistrictScore]) -> Member:
    low, high = _interval(district)
    return Member(
        district.code,
        district.name,
        district.rank or 0,
        (low, high),
        firmly_above=tuple(other.code for other in ranked if _interval(other)[0] > high),
        firmly_below=tuple(other.code for other in ranked if _interval(other)[1] < low),
    )


def _interval(district: DistrictScore) -> tuple[int, int]:
    """Return the rank interval; a ranked district always has one."""
    return district.rank_interval or (district.rank or 0, district.rank or 0)
