"""Addresses of what management and sections see first; `plan/urls.py` gathers them."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
