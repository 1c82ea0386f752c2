"""A plan as data: its schema, its loader and its checks. Another city's plan is another folder."""

from __future__ import annotations

from config.plan.load import FILES, check_plan, load_plan, packaged_plan
from config.plan.model import Account, Plan
from config.plan.problems import Problem
from config.plan.schema.assessment import Base, Baseline, Component, Scheme, SchemeItem
from config.plan.schema.forms import FigureCheck, Form
from config.plan.schema.head import Goal, Office, Series
from config.plan.schema.indicators import Indicator
from config.plan.schema.ladder import LadderFile as Ladder
from config.plan.schema.ladder import Rung
from config.plan.schema.rulings import Ruling
from config.plan.schema.tasks import KeyTask, Measure, Safeguard
from config.plan.schema.units import Group, Membership, Successor, Unit

__all__ = [
    "FILES",
    "Account",
    "Base",
    "Baseline",
    "Component",
    "FigureCheck",
    "Form",
    "Goal",
    "Group",
    "Indicator",
    "KeyTask",
    "Ladder",
    "Measure",
    "Membership",
    "Office",
    "Plan",
    "Problem",
    "Ruling",
    "Rung",
    "Safeguard",
    "Scheme",
    "SchemeItem",
    "Series",
    "Successor",
    "Unit",
    "check_plan",
    "load_plan",
    "packaged_plan",
]
