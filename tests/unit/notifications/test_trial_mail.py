"""The mail server of the demonstration: what the portal sends stands on its page."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.notifications import mailing
from portal.notifications.mailing import Letter, MailServer
from portal.simulators.mail import Box, mail_app
from portal.simulators.smtp import mail_server

PDF = b"%PDF-1.7\r\n..dots at the beginning of a line\r\n"


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Box]:
    box = Box(tmp_path)
    with mail_server(box.take, port=0) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        url = f"smtp://127.0.0.1:{server.socket.getsockname()[1]}"
        mailing.use(MailServer(url, "cong@vidu.vn", "https://dichvucong.vidu.vn", "0292 1022"))
        yield box
        mailing.use(None)
        server.shutdown()


def test_a_letter_stands_on_the_page_once_with_its_papers(box: Box) -> None:
    body = ".Hồ sơ đã nhận\n\nXem hồ sơ"
    for _ in range(2):
        mailing.send(Letter("an@vidu.vn", "Đã nhận hồ sơ", body, "1.2", papers=(("Biên nhận hồ sơ.pdf", PDF),)))
    browser = mail_app(box).test_client()
    listed = browser.get("/").text
    assert listed.count("Đã nhận hồ sơ") == 1
    assert "an@vidu.vn" in listed
    shown = browser.get("/1").text
    assert ".Hồ sơ đã nhận" in shown
    assert "Biên nhận hồ sơ.pdf" in shown
    assert browser.get("/1/0.pdf").data == PDF
    assert (browser.get("/1/1.pdf").status_code, browser.get("/2").status_code) == (404, 404)


def test_an_empty_box_says_so(tmp_path: Path) -> None:
    assert "Chưa có thư nào" in mail_app(Box(tmp_path)).test_client().get("/").text
