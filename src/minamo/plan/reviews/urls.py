"""Addresses of the yearly review of every measure; `plan/urls.py` gathers them."""

from django.urls import URLPattern, path

from . import final_views, meeting_views, sheet_views, views

urlpatterns: list[URLPattern] = [
    path("desk/plan/reviews/", views.reviews, name="reviews"),
    path("desk/plan/reviews/new/", views.open_round, name="review_open"),
    path("desk/plan/reviews/<uuid:uuid>/", views.review_round, name="review_round"),
    path("desk/plan/reviews/<uuid:uuid>/table.csv", views.table_csv, name="review_csv"),
    path("desk/plan/reviews/<uuid:uuid>/table.xlsx", views.table_xlsx, name="review_xlsx"),
    path("desk/plan/reviews/<uuid:uuid>/dues/", views.dues, name="review_dues"),
    path("desk/plan/reviews/<uuid:uuid>/align/", views.align, name="review_align"),
    path("desk/plan/reviews/<uuid:uuid>/final/", views.finalise_all, name="review_finalise"),
    path("desk/plan/reviews/<uuid:uuid>/meeting/", meeting_views.meeting, name="review_meeting"),
    path("desk/plan/reviews/sheets/<uuid:uuid>/", sheet_views.review, name="review"),
    path("desk/plan/reviews/sheets/<uuid:uuid>/edit/", sheet_views.edit, name="review_edit"),
    path("desk/plan/reviews/sheets/<uuid:uuid>/submit/", sheet_views.submit, name="review_submit"),
    path("desk/plan/reviews/sheets/<uuid:uuid>/check/", sheet_views.check, name="review_check"),
    path(
        "desk/plan/reviews/sheets/<uuid:uuid>/return/", sheet_views.send_back, name="review_return"
    ),
    path("desk/plan/reviews/sheets/<uuid:uuid>/print/", sheet_views.paper, name="review_print"),
    path(
        "desk/plan/reviews/sheets/<uuid:uuid>/files/<uuid:file>/",
        sheet_views.file,
        name="review_file",
    ),
    path(
        "desk/plan/reviews/sheets/<uuid:uuid>/files/<uuid:file>/detach/",
        sheet_views.detach,
        name="review_detach",
    ),
    path("desk/plan/reviews/final/new/", final_views.open_final, name="final_open"),
    path("desk/plan/reviews/final/<uuid:uuid>/", final_views.final_review, name="final_review"),
    path("desk/plan/reviews/final/<uuid:uuid>/close/", final_views.close, name="final_close"),
    path(
        "desk/plan/reviews/final/<uuid:uuid>/successor/",
        final_views.successor,
        name="final_successor",
    ),
    path(
        "desk/plan/reviews/final/sheets/<uuid:uuid>/", final_views.final_sheet, name="final_sheet"
    ),
    path(
        "desk/plan/reviews/final/sheets/<uuid:uuid>/decide/",
        final_views.decide,
        name="final_decide",
    ),
    path(
        "desk/plan/reviews/final/sheets/<uuid:uuid>/reopen/",
        final_views.reopen,
        name="final_reopen",
    ),
]
