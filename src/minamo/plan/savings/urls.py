"""Addresses of time and money saved; `plan/urls.py` gathers them."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
