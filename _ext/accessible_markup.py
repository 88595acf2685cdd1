"""Mend mark-up that assistive technology cannot read."""

MENDED = {
    '<div role="list" class="citation-list">': '<div class="citation-list">',
    '<summary aria-label="Toggle hidden content">': "<summary>",
}


def mend(app, pagename, templatename, context, doctree):
    # Docutils calls a bibliography a list, yet none of its entries a list item.
    # A folded cell's button says what it shows; the label would hide that from a screen reader.
    for faulty, mended in MENDED.items():
        if "body" in context:
            context["body"] = context["body"].replace(faulty, mended)


def setup(app):
    app.connect("html-page-context", mend)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
