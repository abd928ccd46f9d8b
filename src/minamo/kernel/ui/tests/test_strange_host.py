"""What somebody gets who asks under a name that is not ours."""

import pytest
from django.test import Client


@pytest.mark.django_db
@pytest.mark.parametrize("referer", ["", "http://elsewhere.example/page"])
def test_a_strange_host_name_is_a_bad_request_and_no_fault(referer: str) -> None:
    client = Client(raise_request_exception=False, headers={"Referer": referer} if referer else {})
    assert client.get("/", headers={"Host": "elsewhere.example"}).status_code == 400
