"""Addresses of versions, comparison and drafts; `plan/urls.py` gathers them."""

from django.urls import URLPattern, path

from . import public_views, views

urlpatterns: list[URLPattern] = [
    path("plan/versions/", public_views.versions, name="versions"),
    path("plan/versions/compare/", public_views.compare, name="versions-compare"),
    path("plan/versions/compare.csv", public_views.compare_csv, name="versions-compare-csv"),
    path("plan/versions/<str:key>.yaml", public_views.as_yaml, name="version-yaml"),
    path("plan/versions/<str:key>.json", public_views.as_json, name="version-json"),
    path("desk/plan/revisions/", views.revisions, name="revisions"),
    path("desk/plan/revisions/start/", views.start, name="revision-start"),
    path("desk/plan/revisions/<uuid:uuid>/", views.revision, name="revision"),
    path("desk/plan/revisions/<uuid:uuid>/new/", views.new_measure, name="revision-new"),
    path("desk/plan/revisions/<uuid:uuid>/rebase/", views.rebase, name="revision-rebase"),
    path("desk/plan/revisions/<uuid:uuid>/publish/", views.publish, name="revision-publish"),
    path("desk/plan/revisions/<uuid:uuid>/withdraw/", views.withdraw, name="revision-withdraw"),
    path(
        "desk/plan/revisions/<uuid:uuid>/<str:code>/", views.edit_measure, name="revision-measure"
    ),
    path(
        "desk/plan/revisions/<uuid:uuid>/<str:code>/take-back/",
        views.take_back,
        name="revision-take-back",
    ),
]
