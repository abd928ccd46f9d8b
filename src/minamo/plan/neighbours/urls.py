"""Addresses of plans of neighbouring utilities side by side; `plan/urls.py` gathers them."""

from django.urls import URLPattern, path

from . import desk_views, views

urlpatterns: list[URLPattern] = [
    path("plan/feed.json", views.feed, name="feed"),
    path("plan/neighbours/", views.neighbours, name="neighbours"),
    path("plan/neighbours/demo/<slug:name>.json", views.demo_feed, name="neighbours_demo_feed"),
    path("plan/neighbours.csv", views.neighbours_csv, name="neighbours_csv"),
    path("desk/plan/neighbours/", views.compare, name="neighbours_compare"),
    path("desk/plan/neighbours/table.csv", views.compare_csv, name="neighbours_compare_csv"),
    path("desk/plan/neighbours/feeds/", desk_views.desk, name="neighbours_desk"),
    path("desk/plan/neighbours/feeds/new/", desk_views.new, name="neighbour_new"),
    path("desk/plan/neighbours/feeds/<uuid:neighbour>/", desk_views.neighbour, name="neighbour"),
    path(
        "desk/plan/neighbours/feeds/<uuid:neighbour>/edit/",
        desk_views.edit,
        name="neighbour_edit",
    ),
    path(
        "desk/plan/neighbours/feeds/<uuid:neighbour>/fetch/",
        desk_views.fetch_now,
        name="neighbour_fetch",
    ),
    path(
        "desk/plan/neighbours/feeds/<uuid:neighbour>/remove/",
        desk_views.remove,
        name="neighbour_remove",
    ),
    path(
        "desk/plan/neighbours/feeds/<uuid:neighbour>/match/",
        desk_views.match,
        name="neighbour_match",
    ),
    path(
        "desk/plan/neighbours/feeds/<uuid:neighbour>/match/<int:match>/remove/",
        desk_views.unmatch,
        name="neighbour_unmatch",
    ),
]
