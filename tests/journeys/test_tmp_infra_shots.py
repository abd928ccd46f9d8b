import sys
sys.path.insert(0,"/work/main")
import pytest, datetime
from django.utils import timezone
from tests.journeys import browser as b
from minamo.kernel import testing
from minamo.kernel.jobs import api
from minamo.kernel.jobs.models import Job, JobState
from minamo.kernel.jobs.worker import Worker
from minamo.kernel.notify import api as n
from minamo.kernel.events import api as ev, delivery
from minamo.kernel.events.models import Delivery
from minamo.contracts.events import CaseSubmitted
from minamo.contracts.subjects import SubjectRef
from django.db import transaction
import os
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]="1"
@pytest.mark.django_db(transaction=True)
def test_shots(live_server, settings):
    settings.EMAIL_BACKEND="minamo.kernel.notify.mailbox.MailboxBackend"
    from django.test import Client
    cast=testing.make_cast()
    @api.job(key="t.dead", retries=0, label="メールの送信")
    def body(**_): raise RuntimeError("out of water")
    api.enqueue(body); Worker(worker_id="w").run_until_idle()
    run=api.enqueue(body)
    Job.objects.filter(pk=run.pk).update(state="running", lease_until=timezone.now()+datetime.timedelta(hours=1), progress_done=3, progress_total=10, progress_message="3つ目の表を書いています")
    n.register(n.Notice("t.hi","あ","【使用開始】{{ x }}","{{ x }} 様\n\nようすを見る：http://127.0.0.1:8000/status/\n受付番号 A-1","/desk/"))
    from minamo.kernel.notify.mailing import send_mail
    m=n.send(notice="t.hi",to=n.Recipient(email="a@example.jp"),context={"x":"遠野 花子"},subject=SubjectRef("a","1"),unique_key="1"); send_mail(str(m.uuid))
    n.send(notice="t.hi",to=n.Recipient(user=cast.administrator),context={"x":"遠野 花子"},subject=SubjectRef("a","1"),unique_key="2")
    def bad(e): raise RuntimeError("stuck")
    ev.subscribe(CaseSubmitted,key="t.h",handler=bad)
    with transaction.atomic(): ev.publish(CaseSubmitted(case_id="1",procedure="p",channel="web",fiscal_year=2026))
    delivery.fan_out(9); Delivery.objects.update(attempts=7); ev.deliver_pending(); ev.unsubscribe("t.h")
    client=testing.login(Client(), cast.administrator)
    cookie=client.cookies[settings.SESSION_COOKIE_NAME].value
    from playwright.sync_api import sync_playwright
    with sync_playwright() as p:
        br=p.chromium.launch(executable_path=b.CHROMIUM,args=b._ARGUMENTS)
        mail=n.MailboxMail.objects.get()
        for name,url,vp in [("jobs","/desk/jobs/",b.DESK),("running","/desk/jobs/?state=running",b.DESK),("job",f"/desk/jobs/{Job.objects.get(state='dead').pk}/",b.DESK),("events","/desk/jobs/events/",b.DESK),("notices","/desk/notices/",b.DESK),("mailbox","/demo/mailbox/",b.PHONE),("mail",f"/demo/mailbox/{mail.uuid}/",b.PHONE),("jobs_phone","/desk/jobs/",b.PHONE)]:
            ctx=br.new_context(viewport=vp); ctx.add_cookies([{"name":settings.SESSION_COOKIE_NAME,"value":cookie,"url":live_server.url}])
            page=ctx.new_page(); w=b.Watcher(); w.watch(page)
            page.goto(live_server.url+url); page.wait_for_timeout(300); page.screenshot(path=f"/tmp/shot_{name}.png"); w.axe(page); print(name, w.complaints, page.evaluate("document.documentElement.scrollWidth"))
            ctx.close()
        br.close()
