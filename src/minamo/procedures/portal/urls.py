"""Addresses of the citizen pages."""

from django.urls import path

from .views import apply, information, receipt, status

app_name = "portal"

urlpatterns = [
    path("", information.home, name="home"),
    path("procedures/", information.procedures, name="procedures"),
    path("first/", information.first, name="first"),
    path("apply/d/<str:token>/", apply.resume, name="draft"),
    path("apply/d/<str:token>/saved/", apply.saved, name="saved"),
    path("apply/d/<str:token>/check/", apply.check, name="check"),
    path("apply/d/<str:token>/delete/", apply.delete, name="delete"),
    path("apply/d/<str:token>/files/<uuid:file_uuid>/", apply.draft_file, name="draft_file"),
    path("apply/d/<str:token>/<slug:page_key>/", apply.page, name="page"),
    path("apply/d/<str:token>/<slug:page_key>/autosave/", apply.autosave_page, name="autosave"),
    path("apply/<slug:code>/", apply.start, name="start"),
    path("receipt/<str:token>/", receipt.receipt, name="receipt"),
    path("status/", status.inquiry, name="inquiry"),
    path("status/open/<str:token>/", status.open_link, name="open_link"),
    path("status/<str:reference>/", status.case, name="status"),
    path("status/<str:reference>/fix/", status.fix, name="fix"),
    path("status/<str:reference>/correct/", status.correct, name="correct"),
    path("status/<str:reference>/message/", status.message, name="message"),
    path("status/<str:reference>/withdraw/", status.withdraw, name="withdraw"),
    path("status/<str:reference>/answers/", status.answers, name="answers"),
    path("status/<str:reference>/leave/", status.leave, name="leave"),
    path("status/<str:reference>/files/<uuid:file_uuid>/", status.case_file, name="case_file"),
]
