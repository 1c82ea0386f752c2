"""The closed vocabularies of the field, each term with the word the office uses for it.

The values are what the database stores and what the commands print.
"""

from __future__ import annotations

from enum import StrEnum


class _Term(StrEnum):
    """A StrEnum whose members carry the office's word as `label`."""

    label: str

    def __new__(cls, value: str, label: str = "") -> _Term:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member


class UnitKind(_Term):
    """What a unit answers to; papers to central units are worded differently."""

    MUNICIPAL = "municipal", "市级部门"
    CENTRAL = "central", "中央垂直管理单位"
    DISTRICT = "district", "区、县（市）"
    BUREAU = "bureau", "内设或下属单位"


class Role(_Term):
    """In what capacity a person acts. Held by appointment, for a unit or for the office."""

    LIAISON = "liaison", "联络员"
    UNIT_HEAD = "unit_head", "分管负责人"
    OFFICE = "office", "领导小组办公室"
    LEADER = "leader", "领导小组领导"
    AUDITOR = "auditor", "审计"
    ADMINISTRATOR = "administrator", "系统管理员"
    SYSTEM = "system", "系统"


class Responsibility(_Term):
    """The part a unit has in a key task."""

    LEAD = "lead", "牵头"
    SUPPORTING = "supporting", "配合"


class Cadence(_Term):
    """How often a measure is due."""

    ONCE = "once", "一次性"
    MONTHLY = "monthly", "每月"
    QUARTERLY = "quarterly", "每季度"
    HALF_YEARLY = "half_yearly", "每半年"
    YEARLY = "yearly", "每年"
    CONTINUOUS = "continuous", "持续推进"


class MatterKind(_Term):
    """Where a matter comes from: a measure of the plan, or a paper from outside it."""

    PLAN = "plan", "行动计划"
    INSTRUCTION = "instruction", "领导批示"
    MEETING = "meeting", "会议议定事项"
    TASK_FORCE = "task_force", "专班交办"


class Status(_Term):
    """Where an item stands in its life cycle (domain: 交办事项)."""

    REGISTERED = "registered", "立项"
    ASSIGNED = "assigned", "已交办"
    ACKNOWLEDGED = "acknowledged", "已签收"
    COMPLETION_REPORTED = "completion_reported", "报请办结"
    RETURNED = "returned", "退回"
    DISPUTED = "disputed", "异议"
    SUSPENDED = "suspended", "暂缓"
    COMPLETED = "completed", "办结"
    CLOSED = "closed", "销号"
    ARCHIVED = "archived", "归档"
    WITHDRAWN = "withdrawn", "撤销"


class Action(_Term):
    """What a person, or a flow, can do to an item."""

    ASSIGN = "assign", "交办"
    ACKNOWLEDGE = "acknowledge", "签收"
    REPORT_PROGRESS = "report_progress", "进展反馈"
    REPORT_COMPLETION = "report_completion", "报请办结"
    VERIFY = "verify", "核验"
    RETURN_FOR_REWORK = "return_for_rework", "退回"
    REQUEST_EXTENSION = "request_extension", "申请延期"
    APPROVE_EXTENSION = "approve_extension", "同意延期"
    REJECT_EXTENSION = "reject_extension", "不同意延期"
    DISPUTE = "dispute", "提出异议"
    ACCEPT_DISPUTE = "accept_dispute", "采纳异议"
    REJECT_DISPUTE = "reject_dispute", "不采纳异议"
    REASSIGN = "reassign", "转办"
    SUSPEND = "suspend", "暂缓"
    RESUME = "resume", "恢复"
    WITHDRAW = "withdraw", "撤销"
    CLOSE = "close", "销号"
    ARCHIVE = "archive", "归档"


class SuspensionReason(_Term):
    """Why an item may be suspended; anything else is a reason to extend, not to suspend."""

    POLICY_CHANGE = "policy_change", "上级政策调整"
    FORCE_MAJEURE = "force_majeure", "不可抗力"
    UPSTREAM = "upstream", "须待上级或前置事项"
    LITIGATION = "litigation", "涉诉涉访"
    MERGED = "merged", "与其他事项合并研究"


class Decision(_Term):
    """The answer to something asked for."""

    PENDING = "pending", "待批"
    APPROVED = "approved", "同意"
    REJECTED = "rejected", "不同意"


class DueReason(_Term):
    """What started a due-date version."""

    ASSIGNED = "assigned", "交办"
    EXTENDED = "extended", "延期"
    RETURNED = "returned", "退回"
    REASSIGNED = "reassigned", "转办"
    RESUMED = "resumed", "恢复"
    RECOUNTED = "recounted", "放假安排调整"


class Level(_Term):
    """A rung of the ladder."""

    REMIND = "remind", "提醒"
    WARN = "warn", "预警"
    URGE = "urge", "催办"
    SUPERVISION_NOTICE = "supervision_notice", "督办单"
    CIRCULAR = "circular", "通报"


class NoticeKind(_Term):
    """What a notice says. The first five are the rungs of the ladder."""

    REMIND = "remind", "提醒"
    WARN = "warn", "预警"
    URGE = "urge", "催办"
    SUPERVISION_NOTICE = "supervision_notice", "督办单"
    CIRCULAR = "circular", "通报"
    ASSIGN = "assign", "交办"
    RETURN = "return", "退回"
    EXTENSION_DECIDED = "extension_decided", "延期答复"
    DISPUTE_DECIDED = "dispute_decided", "异议答复"
    REQUEST_OPENED = "request_opened", "报送通知"
    FORM_TO_CONFIRM = "form_to_confirm", "报表待确认"
    SUBMISSION_RETURNED = "submission_returned", "报送退回"
    DUE_CHANGED = "due_changed", "期限变更"
    WITHDRAWN = "withdrawn", "撤销通知"
    TARGETS = "targets", "目标任务"
    TARGET_OBJECTION = "target_objection", "目标异议"
    PUBLICITY = "publicity", "考核公示"
    OBJECTION_DECIDED = "objection_decided", "申诉答复"
    BULLETIN = "bulletin", "考核通报"
    DATA_ALERT = "data_alert", "统计预警"
    FLOW_SILENT = "flow_silent", "运行告警"


class PaperState(_Term):
    """Where a paper that a person signs has got to."""

    DRAFTED = "drafted", "拟稿"
    REVIEWED = "reviewed", "审核"
    ISSUED = "issued", "签发"
    SERVED = "served", "送达"
    RECEIPTED = "receipted", "回执"
    CANCELLED = "cancelled", "作废"


class DeliveryStatus(_Term):
    """What has become of one notice to one person by one channel."""

    CREATED = "created", "待发"
    SENDING = "sending", "发送中"
    DELIVERED = "delivered", "已送达"
    TEMPORARY = "temporary", "暂时失败"
    PERMANENT = "permanent", "永久失败"
    TECHNICAL = "technical", "技术故障"
    CANCELLED = "cancelled", "不再发送"


class Channel(_Term):
    """By what way a notice reaches a person."""

    EMAIL = "email", "电子邮件"
    GATEWAY = "gateway", "短信和政务消息"
    PORTAL = "portal", "站内"
    PERSONAL = "personal", "当面或电话"


EXTERNAL_CHANNELS = (Channel.EMAIL, Channel.GATEWAY)
"""The channels by which a message leaves the house for one person."""


class MailOutcome(_Term):
    """What became of a mail that came in."""

    FILED = "filed", "已报送"
    UNCHANGED = "unchanged", "未作改动"
    TO_CONFIRM = "to_confirm", "待负责人确认"
    REFUSED = "refused", "未受理"
    IGNORED = "ignored", "不予处理"


class RequestState(_Term):
    """Where a reporting request stands."""

    OPEN = "open", "待报"
    FILED = "filed", "已报"
    RETURNED = "returned", "退回"
    CONFIRMED = "confirmed", "审核通过"
    MISSING = "missing", "未报"


class SubmissionState(_Term):
    """What was decided about one filed version."""

    FILED = "filed", "已报"
    RETURNED = "returned", "退回"
    CONFIRMED = "confirmed", "审核通过"
    SUPERSEDED = "superseded", "已被新报送取代"


class FigureState(_Term):
    """What a cell held: a number (zero included), the claim that none applies, or nothing."""

    NUMBER = "number", "数值"
    NOT_APPLICABLE = "not_applicable", "不适用"
    BLANK = "blank", "空"


class Population(_Term):
    """Who is assessed together."""

    DISTRICTS = "districts", "区、县（市）"
    UNITS = "units", "成员单位"


class AssessmentState(_Term):
    """How far an assessment has got towards being binding."""

    DRAFT = "draft", "草稿"
    PUBLICITY = "publicity", "公示"
    PUBLISHED = "published", "已发布"


class TargetState(_Term):
    """What a district has said to its share of a target, and what the office answered."""

    PROPOSED = "proposed", "待确认"
    CONFIRMED = "confirmed", "已确认"
    OBJECTED = "objected", "有异议"
    UPHELD = "upheld", "维持"


class Finding(_Term):
    """What a person found out about an irregularity that the program only flagged."""

    OPEN = "open", "待核查"
    CLEARED = "cleared", "已排除"
    UPHELD = "upheld", "属实"


class SeriesKind(_Term):
    """Where the values of a statistical series come from."""

    OFFICIAL = "official", "官方发布"
    STATISTIC = "statistic", "统计监测"
    INTERNAL = "internal", "内部测算"


class ValueMark(_Term):
    """What kind of number a statistical value is; everything but the first is told wherever it shows."""

    PUBLISHED = "published", "发布数"
    DERIVED = "derived", "推算"
    FILED = "filed", "报送数"
    INTERNAL = "internal", "内部测算"


class ReleaseStatus(_Term):
    """How settled a released value is."""

    PROVISIONAL = "provisional", "初步"
    FINAL = "final", "最终"
    REVISED = "revised", "修订"


class FlowOutcome(_Term):
    """How a run of a flow ended."""

    DONE = "done", "完成"
    SKIPPED = "skipped", "非工作日"
    FAILED = "failed", "失败"


OPEN_STATUSES = frozenset(
    {
        Status.REGISTERED,
        Status.ASSIGNED,
        Status.ACKNOWLEDGED,
        Status.COMPLETION_REPORTED,
        Status.RETURNED,
        Status.DISPUTED,
        Status.SUSPENDED,
    }
)
"""An item in one of these still needs somebody to do something."""

RUNNING_STATUSES = frozenset({Status.ASSIGNED, Status.ACKNOWLEDGED, Status.RETURNED})
"""An item in one of these has its clock running: only then does it climb the ladder."""

FINISHED_STATUSES = frozenset({Status.COMPLETED, Status.CLOSED, Status.ARCHIVED})
"""An item in one of these is done, but for one that was withdrawn before it was archived: that has no completion."""

RUNNING_REQUESTS = frozenset({RequestState.OPEN, RequestState.RETURNED})
"""A reporting request in one of these has its clock running."""
