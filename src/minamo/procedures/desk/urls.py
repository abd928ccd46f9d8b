"""Addresses of the desk, below `/desk/`."""

from django.urls import path

from .views import acts, case, entry, exports, inbox

app_name = "desk"

urlpatterns = [
    path("", inbox.inbox, name="inbox"),
    path("find/<uuid:uuid>/", case.find_by_uuid, name="find"),
    path("columns/", inbox.columns, name="columns"),
    path("views/", inbox.save_view, name="views"),
    path("chosen/", inbox.chosen, name="chosen"),
    path("print/", inbox.print_list, name="print_list"),
    path("export/", exports.export, name="export"),
    path("new/", entry.choose, name="new"),
    path("new/done/<str:reference>/", entry.entered, name="entered"),
    path("new/<slug:procedure>/", entry.enter, name="enter"),
    path("cases/<str:reference>/", case.case_page, name="case"),
    path("cases/<str:reference>/print/", case.print_case, name="print"),
    path("cases/<str:reference>/messages/", case.message, name="message"),
    path("cases/<str:reference>/files/<uuid:uuid>/", case.file, name="file"),
    path("cases/<str:reference>/<str:act>/", acts.act, name="act"),
]
