"""Addresses for the tests of the staff layout: a small list as any part would show it."""

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from minamo.kernel.identity.api import access
from minamo.site import urls as site_urls

PAGE = """{% extends "ui/staff.html" %}
{% block title %}見本｜Minamo{% endblock %}
{% block content %}<h1 class="mn-h1">見本</h1>
<div class="mn-card"><table class="mn-table"><caption>見本の表</caption>
<thead><tr><th scope="col">番号</th></tr></thead><tbody>
<tr><th scope="row" class="mn-cell-main"><a href="#1" id="row-1">R8-1</a></th></tr>
<tr><th scope="row" class="mn-cell-main"><a href="#2" id="row-2">R8-2</a></th></tr>
</tbody></table><button class="mn-button" type="button" data-key="a">受け付ける</button></div>
{% endblock %}"""


@access.staff()
def sample(request: HttpRequest) -> HttpResponse:
    return HttpResponse(engines["django"].from_string(PAGE).render({}, request))


urlpatterns = [path("desk/ui-sample/", sample), *site_urls.urlpatterns]
