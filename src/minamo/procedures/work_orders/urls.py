"""Addresses of field-work orders, below `/desk/orders/`."""

from django.urls import path

from . import views

app_name = "work_orders"

urlpatterns = [
    path("", views.order_list, name="list"),
    path("print/", views.print_sheet, name="print"),
    path("assign/", views.assign, name="assign"),
    path("<uuid:uuid>/", views.order_page, name="order"),
    path("<uuid:uuid>/result/", views.result, name="result"),
    path("<uuid:uuid>/plan/", views.plan, name="plan"),
    path("<uuid:uuid>/<str:act>/", views.act, name="act"),
]
