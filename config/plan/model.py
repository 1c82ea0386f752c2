"""The loaded plan: one frozen value with look-ups, kept as JSON beside the data it governs."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TypeVar

from config.errors import UnknownName
from config.plan import view
from config.plan.schema.assessment import AssessmentFile, Base, Scheme
from config.plan.schema.base import Entry, Role
from config.plan.schema.forms import Form, FormsFile
from config.plan.schema.head import HeadFile, Series
from config.plan.schema.indicators import Indicator, IndicatorsFile
from config.plan.schema.ladder import LadderFile
from config.plan.schema.rulings import Ruling, RulingsFile
from config.plan.schema.statistics import StatisticsFile
from config.plan.schema.tasks import KeyTask, Measure, Safeguard, TasksFile
from config.plan.schema.units import Group, Post, Unit, UnitsFile

AnEntry = TypeVar("AnEntry", bound=Entry)


@dataclass(frozen=True)
class Account:
    """A post account to be made; `unit` is a unit's code."""

    login: str
    name: str
    role: Role
    unit: str


class Plan(HeadFile, UnitsFile, IndicatorsFile, TasksFile, RulingsFile):
    """Everything a plan folder says, checked.

    `model_dump_json` and `model_validate_json` give the same plan back. Look-ups raise UnknownName.
    """

    reporting: FormsFile
    ladder: LadderFile
    assessment: AssessmentFile
    statistics: StatisticsFile = StatisticsFile()
    """Empty for a folder without statistics.yaml."""

    @cached_property
    def digest(self) -> str:
        """Return the SHA-256 (hex) of the plan's canonical JSON: sorted keys, no spaces, UTF-8.

        A plan without statistics, or with the usual series of papers, has the digest that it had before there were any.
        """
        data = self.model_dump(mode="json")
        if self.office.series == Series():
            del data["office"]["series"]
        if self.statistics == StatisticsFile():
            del data["statistics"]
        text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def forms(self) -> tuple[Form, ...]:
        """Return the forms in the order of the file."""
        return self.reporting.forms

    @cached_property
    def districts(self) -> tuple[Unit, ...]:
        """Return the districts in official order."""
        return tuple(unit for unit in self.units if unit.kind == "district")

    @cached_property
    def matters(self) -> tuple[KeyTask | Safeguard, ...]:
        """Return the key tasks, then the safeguards: everything that has measures."""
        return (*self.key_tasks, *self.safeguards)

    @cached_property
    def _units_by_name(self) -> dict[str, Unit]:
        names = {}
        for unit in self.units:
            others = (unit.official_name, *unit.aliases, *(s.name for s in unit.successors))
            names.update(dict.fromkeys((unit.code, unit.name, *others), unit))
        return names

    def unit(self, name: str) -> Unit:
        """Return the unit of that code, name, official name, alias or successor's name."""
        if name not in self._units_by_name:
            raise UnknownName(f"计划里没有单位“{name}”，可用 duban plan show 查看单位名单")
        return self._units_by_name[name]

    def group(self, name: str) -> Group:
        """Return the group of that name."""
        return _found(self.groups, "name", name, "单位组")

    def members(self, group: str, *, on: dt.date) -> tuple[Unit, ...]:
        """Return the units that belong to `group` on the day `on`, in official order."""
        register = [m for m in self.group(group).memberships if m.covers(on)]
        names = {name for membership in register for name in membership.units}
        return tuple(unit for unit in self.units if unit.name in names)

    def peer_group(self, unit: str, *, on: dt.date) -> str | None:
        """Return the name of the peer group that the unit belongs to on the day `on`, or None."""
        code = self.unit(unit).code
        peers = (group.name for group in self.groups if group.purpose == "peer")
        return next((name for name in peers if code in {u.code for u in self.members(name, on=on)}), None)

    def indicator(self, code: str) -> Indicator:
        """Return the indicator of that code."""
        return _found(self.indicators, "code", code, "指标")

    def key_task(self, number: int) -> KeyTask:
        """Return the key task of that number."""
        return _found(self.key_tasks, "number", number, "重点任务")

    def form(self, code: str) -> Form:
        """Return the form of that code."""
        return _found(self.forms, "code", code, "报表")

    def measure(self, code: str) -> tuple[KeyTask | Safeguard, Measure]:
        """Return the measure of that code with the key task or safeguard it belongs to."""
        for matter in self.matters:
            for measure in matter.measures:
                if measure.code == code:
                    return matter, measure
        raise UnknownName(f"计划里没有举措“{code}”，可用 duban plan show 查看编号")

    def units_of(self, measure: str, *, on: dt.date) -> tuple[Unit, ...]:
        """Return the units that have an item of the measure on the day `on`: the first leads, none stands twice.

        Groups are expanded by their register; the districts follow in official order when the measure names them.
        """
        matter, found = self.measure(measure)
        names = found.units or (matter.lead, *matter.supporting, *matter.groups)
        units = self._expanded(names, on=on)
        return tuple(dict.fromkeys((*units, *self.districts))) if found.districts else units

    def reporters(self, form: str, *, on: dt.date) -> tuple[Unit, ...]:
        """Return the units that fill in the form on the day `on`, groups expanded by their register."""
        return self._expanded(self.form(form).reporters, on=on)

    def _expanded(self, names: tuple[str, ...], *, on: dt.date) -> tuple[Unit, ...]:
        groups = {group.name for group in self.groups}
        units = [u for name in names for u in (self.members(name, on=on) if name in groups else (self.unit(name),))]
        return tuple(dict.fromkeys(units))

    def rulings_on(self, code: str) -> tuple[Ruling, ...]:
        """Return the rulings that touch the indicator or measure of that code."""
        return tuple(ruling for ruling in self.rulings if code in ruling.affects)

    def scheme(self, population: str, *, quarter: str) -> Scheme:
        """Return the scheme of `population` (districts or units) in force in `quarter` (like 2022Q3).

        Raises UnknownName when none is in force yet.
        """
        schemes = self.assessment.schemes
        begun = [s for s in schemes if s.population == population and s.first_quarter <= quarter]
        if not begun:
            raise UnknownName(f"{quarter} 尚无适用的考核办法（{population}），请查 assessment.yaml 的 first_quarter")
        return max(begun, key=lambda s: s.first_quarter)

    def base(self, code: str) -> Base:
        """Return the base of apportionment of that code."""
        return _found(self.assessment.bases, "code", code, "分解基数")

    def baseline(self, indicator: str, *, district: str | None = None) -> Decimal | None:
        """Return the baseline of the indicator, of a district (by name) or the city; None while not established."""
        self.indicator(indicator)
        entries = self.assessment.baselines
        return next((b.value for b in entries if (b.indicator, b.district) == (indicator, district)), None)

    def accounts(self) -> tuple[Account, ...]:
        """Return the post accounts to be made: for every unit in official order, then the office's."""
        each = [(post, unit) for unit in self.units for post in self.posts.per_unit]
        house = self.unit(self.office.unit)
        return tuple(_account(post, unit) for post, unit in [*each, *((p, house) for p in self.posts.office)])

    def score_scheme(self, scheme: Scheme) -> dict[str, object]:
        """Return `scheme` as the `scheme` of the input of `duban score`, exact numbers as strings."""
        return view.score_scheme(self, scheme)

    def show(self) -> dict[str, object]:
        """Return what `duban plan show --json` prints."""
        return view.show(self)


def _account(post: Post, unit: Unit) -> Account:
    words = {"unit": unit.code, "unit_name": unit.name}
    return Account(post.login.format(**words), post.name.format(**words), post.role, unit.code)


def _found(entries: tuple[AnEntry, ...], key: str, value: object, what: str) -> AnEntry:
    for entry in entries:
        if getattr(entry, key) == value:
            return entry
    raise UnknownName(f"计划里没有{what}“{value}”，可用 duban plan show 查看")
