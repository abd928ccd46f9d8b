import pytest
from django.test import Client
from django.urls import reverse

from minamo.procedures.definitions.models import ProcedureVersion
from minamo.procedures.portal.models import Draft

from .factories import begin
from .outbox import mails


def test_the_link_is_mailed_and_nothing_of_the_answers_is_in_it(
    version: ProcedureVersion, client: Client
) -> None:
    token = begin(client)

    answer = client.post(reverse("portal:saved", args=[token]), {"email": "Ｈ.o@example.jp"})

    assert answer.status_code == 302
    [mail] = mails()
    assert reverse("portal:draft", args=[token]) in mail.body
    assert "令和8年12月24日（木）" in mail.body
    assert "H.o@example.jp に" in client.get(answer.headers["Location"]).content.decode()


@pytest.mark.parametrize("address", ["", "haruka", "a@b@c.jp", "<script>@example.jp"])
def test_a_wrong_address_is_said_at_the_field_and_kept(
    address: str, version: ProcedureVersion, client: Client
) -> None:
    token = begin(client)

    answer = client.post(reverse("portal:saved", args=[token]), {"email": address})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "<title>エラー：" in page
    assert 'href="#id_email"' in page
    assert "<script>@" not in page
    assert not mails()


def test_mails_are_limited_by_draft_and_by_recipient(
    version: ProcedureVersion, client: Client
) -> None:
    tokens = [begin(client), begin(client)]
    for _ in range(5):
        client.post(reverse("portal:saved", args=[tokens[0]]), {"email": "one@example.jp"})

    by_draft = client.post(reverse("portal:saved", args=[tokens[0]]), {"email": "two@example.jp"})
    by_person = client.post(reverse("portal:saved", args=[tokens[1]]), {"email": "ONE@example.jp"})

    assert by_draft.status_code == by_person.status_code == 429
    assert len(mails()) == 5
    assert Draft.objects.count() == 2
