"""One's own account: the password, by which channels one is reached, and which plan is looked at."""

from __future__ import annotations

from starlette.responses import Response

from access import accounts, calendar_links, sign_ins, tokens
from access.accounts import Known
from access.tokens import TokenScope
from config import clock
from config.errors import BadInput, DubanError
from database import writing
from notifications import order
from supervision.queries.tenants import plans_of
from web import inputs
from web.routing import Pages
from web.rules import SIGNED_IN
from web.visit import COOKIE, Visit, Visiting, status_of

pages = Pages()


@pages.show("/account", SIGNED_IN)
async def mine(visit: Visiting) -> Response:
    """Show who one is here, in which posts, which plans there are, and the tokens for programs."""
    return _page(visit)


def _page(visit: Visit, *, error: str = "", status: int = 200, token: str = "", name: str = "") -> Response:
    plans = [(row.id or 0, row.title) for row in plans_of(visit.session, visit.me.tenant_id)]
    held = tokens.tokens_of(visit.session, _known(visit))
    return visit.page(
        "account.html", status=status, error=error, plans=plans, tokens=held, token=token, name=name,
        now=clock.now(), feed=calendar_links.made_at(visit.session, _known(visit)), orders=_orders(visit),
        order=_kept(visit),
    )  # fmt: skip


def _kept(visit: Visit) -> str:
    return order.order_of(visit.session, visit.me.tenant_id, visit.me.login) or ""


def _orders(visit: Visit) -> list[tuple[str, str]]:
    """Return every order in which one may be reached here, the office's first; none when there is no choice."""
    settings = visit.portal.settings
    ways = order.read_ways(settings)
    if len(ways.usable) == 1:
        return []
    office = order.in_words(None, order.written(ways.office))
    return [("", office), *((order.written(each), order.in_words(order.written(each), "")) for each in order.ORDERS)]


def _known(visit: Visit) -> Known:
    return Known(visit.me.tenant_id, visit.me.person_id, visit.me.login)


@pages.do("/account/tokens", SIGNED_IN)
def new_token(visit: Visiting) -> Response:
    """Make a token for programs, and show it once."""
    name = inputs.text(visit.form, "name", "名称", longest=100)
    try:
        scopes = [TokenScope(str(scope)) for scope in visit.form.getlist("scope") if scope in set(TokenScope)]
        days = inputs.whole(visit.form, "days", "有效期（天）", default=90, lowest=1, highest=366)
        with writing(visit.portal.database) as session:
            made = tokens.make_token(session, _known(visit), name=name, scopes=scopes, days=days, at=clock.now())
    except DubanError as refused:
        return _page(visit, error=str(refused), status=status_of(refused), name=name)
    return _page(visit, token=made)


@pages.do("/account/tokens/revoke", SIGNED_IN)
def end_token(visit: Visiting) -> Response:
    """End an own token."""
    number = inputs.whole(visit.form, "token", "令牌", default=0)
    with writing(visit.portal.database) as session:
        tokens.revoke(session, _known(visit), number, at=clock.now())
    return visit.done("/account", "令牌已停用")


@pages.do("/account/channels", SIGNED_IN)
def reach_me(visit: Visiting) -> Response:
    """Keep in which order one wants to be reached; an empty choice is the office's order."""
    chosen = str(visit.form.get("order") or "")
    try:
        wanted = order.parse(chosen, "通知渠道") if chosen else None
        with writing(visit.portal.database) as session:
            order.put_channels(
                session, visit.me.tenant_id, login=visit.me.login, order=wanted, at=clock.now(), by=visit.me.login
            )
    except DubanError as refused:
        return _page(visit, error=str(refused), status=status_of(refused))
    return visit.done("/account", "通知渠道已保存，此后的通知按此发送")


@pages.do("/account/calendar", SIGNED_IN)
def new_feed(visit: Visiting) -> Response:
    """Make a secret link to the own calendar, and show it once; an earlier one ends."""
    with writing(visit.portal.database) as session:
        secret = calendar_links.make(session, _known(visit), at=clock.now())
    address = f"{visit.portal.settings.portal_url.rstrip('/')}/calendar/{secret}.ics"
    return _page(visit, token=address)


@pages.show("/account/password", SIGNED_IN)
async def ask(visit: Visiting) -> Response:
    """Ask for the old password and a new one."""
    return visit.page("password.html", error="")


@pages.do("/account/password", SIGNED_IN)
def change(visit: Visiting) -> Response:
    """Change the password; this browser stays signed in, every other one does not."""
    me = visit.me
    known = Known(me.tenant_id, me.person_id, me.login)
    try:
        old, new, again = (str(visit.form.get(name) or "") for name in ("old", "new", "again"))
        if new != again:
            raise BadInput("两次输入的新口令不一致，请重新输入")
        with visit.writing() as (session, _, _):
            accounts.change_password(session, known, old=old, new=new, at=clock.now())
            token = sign_ins.opened(
                session, known, at=clock.now(), terms=visit.portal.terms,
                browser=visit.request.headers.get("user-agent", ""),
            )  # fmt: skip
    except DubanError as error:
        return visit.page("password.html", status=status_of(error), error=str(error))
    answer = visit.done("/", "口令已修改，其他设备上的登录均已退出")
    answer.set_cookie(COOKIE, token, path="/", secure=True, httponly=True, samesite="lax")
    return answer


@pages.do("/account/plan", SIGNED_IN)
def look_at(visit: Visiting) -> Response:
    """Look at another plan of the same tenant from now on."""
    number = inputs.whole(visit.form, "plan", "行动计划", default=0)
    with writing(visit.portal.database) as session:
        known = {row.id: row.title for row in plans_of(session, visit.me.tenant_id)}
        if number not in known:
            raise BadInput("没有这个行动计划，请从列表中选择")
        sign_ins.look_at(session, visit.me.number, number)
    return visit.done("/", f"现在查看：{known[number]}")
