from flask.testing import FlaskClient


def test_the_process_and_the_database_say_that_they_are_well(client: FlaskClient) -> None:
    assert client.get("/health/live").get_json() == {"status": "ok"}
    assert client.get("/health/ready").get_json() == {"problems": [], "status": "ok"}


def test_an_unknown_address_answers_a_page_in_plain_words(client: FlaskClient) -> None:
    answer = client.get("/nowhere")
    assert answer.status_code == 404
    assert "We could not find" in answer.text
