"""Addresses of time and money saved; `plan/urls.py` gathers them."""

from django.urls import URLPattern, path

from . import form_views, use_views, views, wage_views

urlpatterns: list[URLPattern] = [
    path("desk/plan/savings/", views.savings, name="savings"),
    path("desk/plan/savings/table.csv", views.table_csv, name="savings_csv"),
    path("desk/plan/savings/table.xlsx", views.table_xlsx, name="savings_xlsx"),
    path("desk/plan/savings/new/", form_views.saving_new, name="saving_new"),
    path("desk/plan/savings/wages/", wage_views.wage_list, name="saving_wages"),
    path("desk/plan/savings/wages/new/", wage_views.wage_new, name="saving_wage_new"),
    path(
        "desk/plan/savings/wages/<uuid:wage>/withdraw/",
        wage_views.wage_withdraw,
        name="saving_wage_withdraw",
    ),
    path("desk/plan/savings/uses/new/", use_views.use_new, name="saving_use_new"),
    path("desk/plan/savings/uses/<uuid:use>/", use_views.use_edit, name="saving_use"),
    path(
        "desk/plan/savings/uses/<uuid:use>/withdraw/",
        use_views.use_withdraw,
        name="saving_use_withdraw",
    ),
    path("desk/plan/savings/<uuid:saving>/", views.saving, name="saving"),
    path("desk/plan/savings/<uuid:saving>/edit/", form_views.saving_edit, name="saving_edit"),
    path(
        "desk/plan/savings/<uuid:saving>/withdraw/",
        form_views.saving_withdraw,
        name="saving_withdraw",
    ),
    path(
        "desk/plan/savings/<uuid:saving>/items/<int:year>/",
        form_views.saving_items,
        name="saving_items",
    ),
]
