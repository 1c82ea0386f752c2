"""Which fonts serve an official paper on this machine: the official ones where they are, else free substitutes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from config.errors import FontsMissing

if TYPE_CHECKING:
    import typst

PACKAGES = "fonts-noto-cjk fonts-arphic-ukai"
"""The Debian packages that serve every role: the first alone is enough, the second adds a 楷体."""


class FontRole(StrEnum):
    """What a font is for on the page. The value is what the office calls it."""

    TITLE = "小标宋"
    BODY = "仿宋"
    KAI = "楷体"
    HEI = "黑体"
    SONG = "宋体"


_SERIFS = (
    "Noto Serif CJK SC",
    "Noto Serif SC",
    "Source Han Serif SC",
    "Source Han Serif CN",
    "FandolSong",
    "AR PL UMing CN",
    "AR PL SungtiL GB",
    "Songti SC",
    "STSong",
)
_SANS = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei",
    "FandolHei",
    "Microsoft YaHei",
    "PingFang SC",
    "Droid Sans Fallback",
)
_KAI = ("LXGW WenKai", "LXGW WenKai GB", "AR PL UKai CN", "AR PL KaitiM GB", "FandolKai", "STKaiti", "Kaiti SC")

OFFICIAL: Mapping[FontRole, tuple[str, ...]] = {
    FontRole.TITLE: ("FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "方正小标宋简体", "方正小标宋_GBK"),
    FontRole.BODY: ("FangSong_GB2312", "仿宋_GB2312", "FangSong", "仿宋"),
    FontRole.KAI: ("KaiTi_GB2312", "楷体_GB2312", "KaiTi", "楷体"),
    FontRole.HEI: ("SimHei", "黑体"),
    FontRole.SONG: ("SimSun", "宋体", "NSimSun"),
}
"""Families of the official fonts, by the names under which systems list them. Source: office practice."""

_SUBSTITUTES: Mapping[FontRole, tuple[str, ...]] = {
    FontRole.TITLE: (*_SERIFS, *_SANS),
    FontRole.BODY: ("STFangsong", "FandolFang R", "FandolFang", *_SERIFS, *_KAI, *_SANS),
    FontRole.KAI: (*_KAI, *_SERIFS, *_SANS),
    FontRole.HEI: (*_SANS, *_SERIFS),
    FontRole.SONG: (*_SERIFS, *_SANS, *_KAI),
}
"""What stands in, best first. A last resort of another shape is still legible; nothing at all is an error."""

_REGULAR, _BOLD = 400, 700


class FontFile(Protocol):
    """One font as the typesetter lists it."""

    family: str
    style: str
    weight: int
    path: str | None
    index: int


@dataclass(frozen=True, slots=True)
class Face:
    """A font that was found: `index` is its place in a collection (.ttc), `bold` whether its bold cut is to be used."""

    family: str
    path: Path
    index: int
    official: bool
    bold: bool = False


@dataclass(frozen=True)
class Fonts:
    """Which font serves which role, and the folders beside the system's from which they come."""

    faces: Mapping[FontRole, Face]
    folders: tuple[Path, ...] = ()

    def __getitem__(self, role: FontRole) -> Face:
        """Return the font that serves `role`."""
        return self.faces[role]

    @property
    def substitutes(self) -> tuple[str, ...]:
        """Return the substitutions as `仿宋、楷体用 Noto Serif CJK SC`, in the order of roles; empty without any."""
        served: dict[str, list[str]] = {}
        for role, face in self.faces.items():
            if not face.official:
                served.setdefault(face.family, []).append(role.value)
        return tuple(f"{'、'.join(roles)}用 {family}" for family, roles in served.items())


def find(folders: Sequence[Path] = ()) -> Fonts:
    """Return the fonts of the system and of `folders` (those that exist) for every role.

    Raises FontsMissing, which says what to install, when there is no Chinese font at all.
    """
    there = tuple(folder for folder in folders if folder.is_dir())
    return choose(typesetter(there).fonts(), there)


def sans(folders: Sequence[Path] = ()) -> Face:
    """Return the font for charts: 黑体 or its substitute. Raises FontsMissing when there is none."""
    return find(folders)[FontRole.HEI]


def choose(known: Iterable[FontFile], folders: tuple[Path, ...] = ()) -> Fonts:
    """Return the best of `known` for every role. Raises FontsMissing when no Chinese font is among them."""
    upright = [font for font in known if font.path is not None and font.style == "normal"]
    by_family: dict[str, list[FontFile]] = {}
    for font in upright:
        by_family.setdefault(font.family, []).append(font)
    return Fonts({role: _face(role, by_family) for role in FontRole}, folders)


@cache
def typesetter(folders: tuple[Path, ...] = ()) -> typst.Fonts:
    """Return what the typesetter knows of the system's fonts and those in `folders`, looked up once."""
    import typst  # a tenth of a second that commands without a PDF need not wait for

    return typst.Fonts(include_embedded_fonts=False, font_paths=list(folders))


def _face(role: FontRole, by_family: Mapping[str, list[FontFile]]) -> Face:
    for official, families in ((True, OFFICIAL[role]), (False, _SUBSTITUTES[role])):
        for family in families:
            if cuts := by_family.get(family):
                # A free 宋体 is too light for a title: its bold cut comes closest to 小标宋.
                bold = role is FontRole.TITLE and not official
                cut = min(cuts, key=lambda font: abs(font.weight - (_BOLD if bold else _REGULAR)))
                return Face(family, Path(cut.path or ""), cut.index, official, bold)
    raise FontsMissing(f"本机没有中文字体，不能排 PDF；请先安装（Debian/Ubuntu：apt install {PACKAGES}）后重试")
