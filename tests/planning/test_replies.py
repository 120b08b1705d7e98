"""The answer to a complaint on paper: once, for the brigade's eyes, without the name of who complained."""

from __future__ import annotations

import pytest

from app.core import clock, jobs
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.files import files
from app.planning.rules.complaints import ReplyChannel
from app.planning.service import complaints as service
from app.planning.service import replies
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.documents.conftest import text_by_mupdf
from tests.factories import complaints as factory
from tests.factories import papers


def test_the_answer_prints_what_was_told_and_not_who_complained(cast: Cast, as_person: SignInAs) -> None:
    complaint = factory.at_pemas(cast)
    service.reject(cast.viewer("olga"), complaint, reason="不属于消防职责")
    service.reply(
        cast.viewer("olga"), complaint, text="已转告学校自行处理", on=clock.today(), channel=ReplyChannel.LETTER
    )
    db.session.commit()
    olga = as_person("olga")
    assert olga.post(f"/complaints/{complaint.id}/reply-paper").status_code == 302
    assert olga.post(f"/complaints/{complaint.id}/reply-paper").status_code == 302
    jobs.run_all()
    paper = replies.reply_paper(complaint)
    assert paper is not None
    text = text_by_mupdf(files().get(paper.file_sha256 or ""))
    assert text.count("举报投诉人：") == 1
    assert "已转告学校自行处理" in text
    assert paper.number.endswith("第0001号")
    path = f"/documents/{paper.id}"
    db.session.rollback()
    assert paper.number in olga.get(f"/complaints/{complaint.id}").get_data(as_text=True)
    assert as_person("pema").get(path).status_code == 404
    assert as_person("beate").get(path).status_code == 404


def test_nothing_is_printed_before_the_answer_is_written_down(cast: Cast, as_person: SignInAs) -> None:
    complaint = factory.at_pemas(cast)
    with pytest.raises(DomainError):
        replies.print_reply(cast.viewer("olga"), complaint)
    db.session.rollback()
    assert as_person("stan").post(f"/complaints/{complaint.id}/reply-paper").status_code == 403
    assert as_person("oskar").post(f"/complaints/{complaint.id}/reply-paper").status_code in (403, 404)


@pytest.mark.one_database
def test_an_answer_whose_number_was_voided_is_printed_anew(cast: Cast) -> None:
    complaint, olga = factory.at_pemas(cast), cast.viewer("olga")
    service.reject(olga, complaint, reason="不属于消防职责")
    service.reply(olga, complaint, text="已转告学校", on=clock.today(), channel=ReplyChannel.LETTER)
    second = papers.printed_anew(cast, lambda: replies.print_reply(olga, complaint))
    known = replies.reply_paper(complaint)
    assert known is not None
    assert known.id == second.id
