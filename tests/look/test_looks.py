"""The looks that every page gets find what is wrong, each time, though what is drawn alike is measured once."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.browser import GOOD_COLOURS, sound

pytestmark = pytest.mark.browser
PAGE = """<!doctype html><html lang="zh"><head><title>一页</title><style>
body, button {{ font-size: 16px; color: #111; background: #fff }} .tag {{ color: #222 }}
button {{ min-height: 48px; min-width: 48px }} {} </style></head>
<body><main><h1>示范区第一小学</h1><section><p>疏散门上锁，已责令改正。</p><p class="tag">限期改正</p><button>提交</button></section>
<svg role="img" aria-label="图" width="200" height="40"><rect width="200" height="40" fill="#fff"/><text y="20">六月</text></svg>
</main></body></html>"""
WRONG = {
    "pale words": (".tag { color: #999 }", "color-contrast"),
    "a dark ground far around": ("section { background: #333 }", "color-contrast"),
    "a ground that shines through": ("section { opacity: .4 }", "color-contrast"),
    "smaller words on grey": (".tag { color: #767676; background: #eee }", "color-contrast"),
    "a pale button": ("button { color: #ccc; background: #ddd }", "color-contrast"),
    "wider than the screen": ("section { width: 2000px }", "wide"),
    "cut words": ("section { height: 20px; overflow: hidden }", "cuts its text"),
    "a small button": ("button { min-height: 0; height: 20px; padding: 0 }", "20 BUTTON"),
    "tiny words": ("p { font-size: 12px }", "12px"),
}


def test_what_is_wrong_is_found_each_time_after_the_same_page_was_good(chromium: Browser) -> None:
    tab = chromium.new_page()
    tab.set_content(PAGE.format(""))
    sound(tab)
    good = set(GOOD_COLOURS)
    for what, (style, told) in WRONG.items():
        for _time in range(2):
            tab.set_content(PAGE.format(style))
            with pytest.raises(AssertionError) as found:
                sound(tab)
            assert told in str(found.value), what
    tab.set_content(PAGE.format(""))
    sound(tab)
    assert good <= GOOD_COLOURS
    tab.close()
