"""Models with encrypted fields in a registry of their own, so that no other test meets them."""

import uuid

from django.apps.registry import Apps
from django.db import models

from minamo.kernel.crypto.api import EncryptedJSONField, EncryptedTextField

probe_apps = Apps(["minamo.kernel.crypto"])


class Probe(models.Model):  # noqa: DJ008
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = EncryptedTextField(blank=True)
    note = EncryptedTextField(null=True)
    data = EncryptedJSONField(default=dict)
    plain = models.CharField(max_length=20, default="")

    class Meta:
        app_label = "crypto"
        apps = probe_apps


class ProbeByKey(models.Model):  # noqa: DJ008
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    name = EncryptedTextField(row_field="id", bound_as="crypto.old_name")

    class Meta:
        app_label = "crypto"
        apps = probe_apps


ALL = (Probe, ProbeByKey)
