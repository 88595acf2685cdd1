"""Mend mark-up that assistive technology cannot read."""

MENDED = {
    # Docutils calls a bibliography a list, yet none of its entries a list item.
    '<div role="list" class="citation-list">': '<div class="citation-list">',
    # A fold is named by the words it shows.
    '<summary aria-label="Toggle hidden content">': "<summary>",
}


def mend(app, pagename, templatename, context, doctree):
    for faulty, sound in MENDED.items():
        context["body"] = context.get("body", "").replace(faulty, sound)


def setup(app):
    app.connect("html-page-context", mend)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
