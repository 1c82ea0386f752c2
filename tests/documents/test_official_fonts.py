"""Which font serves which role, and what is said where there is none."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from official_papers import the_fonts

from config.errors import FontsMissing
from documents import fonts
from documents.fonts import FontRole
from documents.official.render import substitution_note


@dataclass
class Font:
    """A font as the typesetter lists it."""

    family: str
    weight: int = 400
    style: str = "normal"
    path: str | None = "there.ttc"
    index: int = 0


def test_official_fonts_go_before_all_substitutes() -> None:
    known = ["FangSong", "KaiTi", "SimHei", "SimSun", "FZXiaoBiaoSong-B05S", "Noto Serif CJK SC", "Noto Sans CJK SC"]
    found = fonts.choose(map(Font, known))
    assert [found[role].family for role in FontRole] == ["FZXiaoBiaoSong-B05S", "FangSong", "KaiTi", "SimHei", "SimSun"]
    assert found.substitutes == () and substitution_note(found) == ""


def test_free_fonts_stand_in_and_are_named() -> None:
    found = fonts.choose(map(Font, ["Noto Serif CJK SC", "Noto Sans CJK SC", "AR PL UKai CN", "DejaVu Sans"]))
    assert (found[FontRole.KAI].family, found[FontRole.HEI].family) == ("AR PL UKai CN", "Noto Sans CJK SC")
    assert substitution_note(found) == (
        "本 PDF 以替代字体排印（小标宋、仿宋、宋体用 Noto Serif CJK SC；楷体用 AR PL UKai CN；"
        "黑体用 Noto Sans CJK SC），正式印制以同名 .docx 为准。"
    )


def test_a_title_takes_the_bold_cut_of_a_substitute_and_text_the_regular_one() -> None:
    cuts = [Font("Noto Serif CJK SC", weight, index=weight) for weight in (200, 400, 700, 900)]
    found = fonts.choose(cuts)
    assert (found[FontRole.TITLE].index, found[FontRole.TITLE].bold) == (700, True)
    assert (found[FontRole.BODY].index, found[FontRole.BODY].bold) == (400, False)


def test_one_chinese_font_of_any_shape_serves_every_role() -> None:
    found = fonts.choose([Font("WenQuanYi Zen Hei")])
    assert {found[role].family for role in FontRole} == {"WenQuanYi Zen Hei"}


@pytest.mark.parametrize(
    "known", [[], [Font("DejaVu Sans")], [Font("SimSun", style="italic")], [Font("SimSun", path=None)]]
)
def test_without_a_chinese_font_one_line_says_what_to_install(known: list[Font]) -> None:
    with pytest.raises(FontsMissing, match="apt install fonts-noto-cjk") as raised:
        fonts.choose(known)
    assert "\n" not in str(raised.value)


def test_the_fonts_of_this_machine_are_files_that_are_there() -> None:
    found = the_fonts()
    assert all(found[role].path.is_file() for role in FontRole)
    assert fonts.sans() == found[FontRole.HEI]


def test_a_folder_that_is_not_there_is_no_matter(tmp_path: Path) -> None:
    the_fonts()
    assert fonts.find([tmp_path / "none"]).folders == ()
    assert fonts.find([tmp_path]).folders == (tmp_path,)
