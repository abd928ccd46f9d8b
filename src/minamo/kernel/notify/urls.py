"""Addresses of notices and of the demo mailbox; the site includes them at its root."""

from django.urls import path

from . import views

app_name = "notify"

urlpatterns = [
    path("desk/notices/", views.notices, name="notices"),
    path("desk/notices/read/", views.notices_read, name="read_all"),
    path("desk/notices/<uuid:notice_uuid>/open/", views.notice_open, name="open"),
    path("demo/mailbox/", views.mailbox, name="mailbox"),
    path("demo/mailbox/<uuid:mail_uuid>/", views.mailbox_mail, name="mail"),
]
