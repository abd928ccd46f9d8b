"""Addresses of what leaves the house: tables, reports, open data; `plan/urls.py` gathers them."""

from django.urls import URLPattern, path

from . import card_views, staff_views, views

urlpatterns: list[URLPattern] = [
    path("plan/open-data/", views.open_data, name="publication_open_data"),
    path("plan/open-data/plan.csv", views.plan_csv, name="publication_csv"),
    path("plan/open-data/plan.json", views.plan_json, name="publication_json"),
    path("plan/open-data/plan.xlsx", views.plan_xlsx, name="publication_xlsx"),
    path("plan/open-data/dictionary.csv", views.dictionary_csv, name="publication_dictionary_csv"),
    path("plan/open-data/datapackage.json", views.datapackage, name="publication_datapackage"),
    path("plan/open-data/reports/<uuid:uuid>.pdf", views.report, name="publication_report"),
    path("plan/english/", views.english, name="publication_english"),
    path("plan/cards/", card_views.cards, name="publication_cards"),
    path("plan/<str:code>/card/", card_views.card, name="publication_card"),
    path("desk/plan/reports/", staff_views.reports, name="publication_reports"),
    path("desk/plan/reports/make/", staff_views.make, name="publication_make"),
    path("desk/plan/reports/plan.xlsx", staff_views.excel, name="publication_staff_xlsx"),
    path("desk/plan/reports/<uuid:uuid>.pdf", staff_views.file, name="publication_file"),
    path("desk/plan/reports/<uuid:uuid>/publish/", staff_views.publish, name="publication_publish"),
    path(
        "desk/plan/reports/<uuid:uuid>/withdraw/", staff_views.withdraw, name="publication_withdraw"
    ),
]
