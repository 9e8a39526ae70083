"""Text to mp3, one stage a file, in the order of the data. Pure: no Django, no Celery, no rows.

    text ─► normalise ─► chunking ─► speech ─► joining ─► mp3

`render` is the table of contents: it shows how the stages fit together.
"""
