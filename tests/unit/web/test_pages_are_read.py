"""The eyes of the page tests: they see mistakes, and what they read is what a browser would."""

from __future__ import annotations

import pytest

from tests.harness import html

PAGE = (
    '<!doctype html><html lang="vi"><head><title>Trang</title></head>'
    '<body><main><h1 id="one">Trang</h1>{}</main></body></html>'
)


def test_a_page_without_mistakes_passes() -> None:
    html.check(
        PAGE.format('<p>a &amp; b&nbsp;&#39;c&#39;</p><svg viewBox="0 0 1 1"><path d="M0 0"/></svg>'), language="vi"
    )


@pytest.mark.parametrize(
    "part",
    [
        "<p><div>a</div></p>",
        "<b><i>a</b></i>",
        "<div>a",
        "<p>a</div></p>",
        '<p id="two" id="three">a</p>',
        "<ul><li>a</li></ul></ul>",
        "<table><p>a</p></table>",
        "<p>a & b</p>",
        '<a href="/?a=1&b=2">a</a>',
        "<p>&nothing;</p>",
        "<p>1 <2</p>",
        '<p id="one">a</p>',
        '<p style="color: red">a</p>',
        '<input name="a">',
        '<form method="post"><button>a</button></form>',
        '<a href="#nowhere">a</a>',
        "<h1>Hai</h1>",
    ],
)
def test_a_mistake_is_seen(part: str) -> None:
    with pytest.raises(AssertionError):
        html.check(PAGE.format(part), language="vi")


def test_another_language_is_seen() -> None:
    with pytest.raises(AssertionError, match="lang='vi'"):
        html.check(PAGE.format(""), language="en")


def test_a_form_is_read_as_a_browser_posts_it() -> None:
    page = html.parsed(
        PAGE.format(
            '<form><textarea name="a">\n\nx &lt;b&gt;</textarea><input name="b" value="&quot;&lt;&amp;amp;">'
            '<select name="c"><option>1<option selected>2</select>'
            '<input type="checkbox" name="d" value="1" checked>'
            '<input type="checkbox" name="d" value="2" checked></form>'
        )
    )
    form = next(page.iter("form"))
    assert html.fields_of(form) == {"a": "\nx <b>", "b": '"<&amp;', "c": "2", "d": ["1", "2"]}
