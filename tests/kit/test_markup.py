"""What readers and authors write, and what the page shows."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown import Markdown
from markupsafe import Markup

from app.kit.markup import COMMENT_MAX, Embed, Heading, comment, excerpt, plain, post
from app.kit.markup.renderer import Renderer

REL = 'rel="nofollow ugc noopener"'


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Seit Montag\nkein Netz.\n\nNirgends.", "<p>Seit Montag<br>\nkein Netz.</p>\n<p>Nirgends.</p>"),
        ("*sehr* **laut** _leise_", "<p><em>sehr</em> <strong>laut</strong> <em>leise</em></p>"),
        ("*x **y z*a *b*", "<p>*x **y z*a <em>b</em></p>"),
        ("snake_case_name 2*3*4", "<p>snake_case_name 2<em>3</em>4</p>"),
        ("`a < b && c`", "<p><code>a &lt; b &amp;&amp; c</code></p>"),
        ("```\nx = <1>\n```", "<pre><code>x = &lt;1&gt;\n</code></pre>"),
        (
            "~~~python\nif a < b: pass\n~~~",
            '<pre><code class="language-python">if a &lt; b: pass\n</code></pre>',
        ),
        ("```\noffen", "<p>```<br>\noffen</p>"),
        ("    eingerückt & so", "<pre><code>eingerückt &amp; so\n</code></pre>"),
        ("> Zitat", "<blockquote>\n<p>Zitat</p>\n</blockquote>"),
        ("- eins\n- zwei", "<ul>\n<li>eins</li>\n<li>zwei</li>\n</ul>"),
        ("1. eins\n2. zwei", "<ol>\n<li>eins</li>\n<li>zwei</li>\n</ol>"),
        ("12. November: Stille", "<p>12. November: Stille</p>"),
        ("1. Mai\n12. Mai", "<p>1. Mai<br>\n12. Mai</p>"),
        ("+49 89 1234", "<p>+49 89 1234</p>"),
        ("# kein Titel", "<p># kein Titel</p>"),
        ("Titel\n=====", "<p>Titel<br>\n=====</p>"),
        ("<kein Netz>", "<p>&lt;kein Netz&gt;</p>"),
        ("<b>fett</b> &lt; &amp;", "<p>&lt;b&gt;fett&lt;/b&gt; &amp;lt; &amp;amp;</p>"),
        ("[[counter]]", "<p>[[counter]]</p>"),
        ("a\\*b\\*", "<p>a*b*</p>"),
        ("", ""),
        (" \n\t\n", ""),
    ],
)
def test_a_comment_is_shown_as_it_was_meant(written: str, shown: str) -> None:
    assert comment(written) == shown


@pytest.mark.parametrize(
    ("written", "address", "text", "after"),
    [
        ("[hier](https://a.example/x)", "https://a.example/x", "hier", ""),
        ("[Wiki](https://a.example/O2_(Marke))", "https://a.example/O2_(Marke)", "Wiki", ""),
        ("[Post](mailto:lena@a.example)", "mailto:lena@a.example", "Post", ""),
        ("![Bild](https://a.example/x.png)", "https://a.example/x.png", "Bild", ""),
        ("https://a.example/a_b_c.", "https://a.example/a_b_c", "https://a.example/a_b_c", "."),
        ("http://a.example?x=1&y=2!", *["http://a.example?x=1&amp;y=2"] * 2, "!"),
        ("https://a.example/(x))", *["https://a.example/(x)"] * 2, ")"),
        ("https://a.example**", *["https://a.example"] * 2, "**"),
    ],
)
def test_links_and_bare_addresses_lead_out_without_our_good_name(
    written: str, address: str, text: str, after: str
) -> None:
    assert comment(written) == f'<p><a href="{address}" {REL}>{text}</a>{after}</p>'


def test_a_link_may_hold_emphasis_and_code_but_no_second_link() -> None:
    assert comment("[**a** `b` https://x.example](https://y.example)").count("<a ") == 1


def test_an_address_in_code_is_no_link() -> None:
    assert "<a" not in comment("`curl https://x.example`")


def test_a_comment_of_full_length_is_taken_and_a_longer_one_refused() -> None:
    assert comment("x" * COMMENT_MAX)
    with pytest.raises(ValueError, match="5000"):
        comment("x" * (COMMENT_MAX + 1))


def test_what_nobody_sees_is_dropped_and_the_words_around_it_stay() -> None:
    assert comment("a\x00b\x02c\x1b \u202ed\u2066e\ufeff \ufdd0f\ufdd1\U0001fffe") == "<p>abc de f</p>"
    assert comment("a\r\nb\rc\u2028d") == "<p>a<br>\nb<br>\nc<br>\nd</p>"
    assert comment("\ud800x") == "<p>\ufffdx</p>"
    assert comment("👩\u200d🚒 \u200eשלום") == "<p>👩\u200d🚒 \u200eשלום</p>"


@given(st.text("ab1 *_.-\n", max_size=30))
@example("_x __y z_a")
def test_no_letter_is_lost_between_marks_of_emphasis(text: str) -> None:
    assert [char for char in plain(comment(text)) if char.isalpha()] == [char for char in text if char.isalpha()]


def test_when_markdown_fails_every_word_is_still_shown() -> None:
    class Failing(Markdown):
        def convert(self, source: str) -> str:
            raise RecursionError(source)

    renderer = Renderer(Failing)
    for _ in range(2):
        assert renderer.html("a <b> *c*\nd\n\n\ne") == "<p>a &lt;b&gt; *c*<br>d</p>\n<p>e</p>"


def test_a_heading_at_the_beginning_is_the_title_and_leaves_the_body() -> None:
    rendered = post('# Die "ersten" 300\n\nText')
    assert rendered.first_heading == "Die „ersten“ 300"
    assert rendered.html == "<p>Text</p>"


@pytest.mark.parametrize("title", ['Die "ersten" 300', "Die „ersten“ 300", "die  ersten 300"])
def test_the_same_title_in_other_quotation_marks_is_the_same(title: str) -> None:
    assert post('# Die "ersten" 300\n\nText', title=title).html == "<p>Text</p>"


def test_a_heading_that_is_not_the_title_stays_as_a_second_one() -> None:
    rendered = post("# Vorab\n\nText", title="Die ersten 300")
    assert rendered.html == '<h2 id="vorab">Vorab</h2>\n<p>Text</p>'
    assert rendered.toc == (Heading(2, "vorab", "Vorab"),)


def test_no_heading_of_the_body_is_an_h1() -> None:
    rendered = post("# Titel\n\n## A\n\n# B\n\n###### C")
    assert [(h.level, h.text) for h in rendered.toc] == [(3, "A"), (2, "B"), (6, "C")]
    assert "<h1" not in post("Text\n\n# Titel").html


def test_the_table_of_contents_names_headings_without_marks() -> None:
    rendered = post('## Über "uns" & *mehr*[^1]\n\n## Über "uns" & mehr\n\n[^1]: Fuß')
    assert rendered.toc == (
        Heading(2, "ueber-uns-mehr", "Über „uns“ & mehr"),
        Heading(2, "ueber-uns-mehr_1", "Über „uns“ & mehr"),
    )


def test_quotation_marks_follow_the_language() -> None:
    text = '"Er sagte \'so\' -- geht\'s?" `"x" --`...'
    assert post(text).plain == '„Er sagte ‚so‘ – geht’s?“ "x" --…'
    assert post(text, lang="en").plain == '“Er sagte ‘so’ – geht’s?” "x" --…'


def test_footnotes_link_both_ways_by_ids_that_never_change() -> None:
    first, again = (post("A[^b] B[^a]\n\n[^a]: Ah\n[^b]: Beh").html for _ in range(2))
    assert first == again
    for id_ in ("fn:a", "fnref:a", "fn:b", "fnref:b"):
        assert f'id="{id_}"' in first
        assert f'href="#{id_}"' in first
    assert first.index("Beh") < first.index("Ah")
    assert "Zurück zur Textstelle" in first


def test_a_footnote_still_to_be_written_does_not_break_the_post() -> None:
    html = post("## A\n\na[^2] b[^1]\n\n[^1]:\n\n[^2]: x").html
    assert "<h2" in html
    assert html.index('id="fn:2"') < html.index('id="fn:1"')


def test_tables_keep_their_alignment_without_inline_styles() -> None:
    html = post("| Stadt | Zahl |\n|:--|--:|\n| München | 1 |").html
    assert '<td align="right">1</td>' in html
    assert "style" not in html


def test_posts_link_inside_the_site_and_mark_what_leads_outside() -> None:
    html = post('[a](/posts/x) [b](#fn) [c](https://x.example "T")').html
    assert html == (
        '<p><a href="/posts/x">a</a> <a href="#fn">b</a> <a href="https://x.example" rel="noopener" title="T">c</a></p>'
    )


def test_pictures_come_from_this_site_and_carry_their_text() -> None:
    html = post('![Die "Karte"](/static/karte.png) ![x](https://x.example/y.png)').html
    assert '<img alt="Die &quot;Karte&quot;" src="/static/karte.png">' in html
    assert '<a href="https://x.example/y.png" rel="noopener">x</a>' in html


def test_html_in_a_post_is_shown_not_run() -> None:
    assert post("<script>alert(1)</script>").html == "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"


def test_an_embed_alone_in_a_paragraph_splits_the_post() -> None:
    rendered = post("Vorher\n\n[[complaint-form]]\n\nNachher\n\n[[counter]]")
    assert rendered.parts == ("<p>Vorher</p>\n", Embed.COMPLAINT_FORM, "<p>Nachher</p>\n", Embed.COUNTER)
    assert rendered.html == "<p>Vorher</p>\n<p>Nachher</p>\n"
    assert all(isinstance(part, Embed | Markup) for part in rendered.parts)


@pytest.mark.parametrize(
    "text",
    [
        "Hier [[counter]] im Satz",
        "Zeile\n[[counter]]",
        "`[[counter]]`",
        "    [[counter]]",
        "```\n[[counter]]\n```",
        "> [[counter]]",
        "- a\n\n    [[counter]]",
        "a[^1]\n\n[^1]: [[counter]]",
        "[[unknown]]",
        "\ufdd2counter\ufdd3",
    ],
)
def test_an_embed_anywhere_else_stays_text(text: str) -> None:
    rendered = post(text)
    assert rendered.parts == (rendered.html,)
    assert text.count("[[") == rendered.html.count("[[")


def test_plain_text_has_the_words_and_neither_tags_nor_footnote_marks() -> None:
    rendered = post("# T\n\nEins[^1]\nzwei\n\n- a & b\n- <c>\n\n[^1]: Fuß")
    assert rendered.plain == "Eins zwei a & b <c> Fuß"
    assert plain(comment("a\nb\n\n> c")) == "a b c"


@pytest.mark.parametrize(
    ("text", "limit", "cut"),
    [
        ("Kein Netz", 9, "Kein Netz"),
        ("Kein Netz mehr", 9, "Kein…"),
        ("Kein Netz mehr", 10, "Kein Netz…"),
        ("Kein Netz, mehr", 11, "Kein Netz…"),
        ("Donaudampfschiff", 6, "Donau…"),
        ("  a \n b  ", 9, "a b"),
    ],
)
def test_an_excerpt_ends_after_a_word(text: str, limit: int, cut: str) -> None:
    assert excerpt(text, limit) == cut
    assert len(cut) <= limit
