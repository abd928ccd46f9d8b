"""Addresses of proposals of new measures and their way through the bureau; `plan/urls.py` gathers them."""

from django.urls import URLPattern, path

from . import form_views, views

urlpatterns: list[URLPattern] = [
    path("desk/plan/proposals/", views.proposals, name="proposals"),
    path("desk/plan/proposals/new/", form_views.new, name="proposal-new"),
    path("desk/plan/proposals/<uuid:uuid>/", views.proposal, name="proposal"),
    path("desk/plan/proposals/<uuid:uuid>/edit/", form_views.edit, name="proposal-edit"),
    path("desk/plan/proposals/<uuid:uuid>/hand-in/", views.hand_in, name="proposal-hand-in"),
    path("desk/plan/proposals/<uuid:uuid>/decide/", views.decide, name="proposal-decide"),
    path("desk/plan/proposals/<uuid:uuid>/withdraw/", views.withdraw, name="proposal-withdraw"),
    path("desk/plan/proposals/<uuid:uuid>/comment/", views.comment, name="proposal-comment"),
    path("desk/plan/proposals/<uuid:uuid>/files/", views.attach, name="proposal-attach"),
    path("desk/plan/proposals/<uuid:uuid>/files/<uuid:file>/", views.file, name="proposal-file"),
    path(
        "desk/plan/proposals/<uuid:uuid>/files/<uuid:file>/detach/",
        views.detach,
        name="proposal-detach",
    ),
    path("desk/plan/proposals/<uuid:uuid>/sheet/", views.sheet, name="proposal-sheet"),
]
