"""Two passes become one list of edits."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from respin import Edit, Restorer, apply_edits
from respin.chains import compose


@st.composite
def _edits(draw: st.DrawFn, text: str) -> list[Edit]:
    cuts = draw(st.lists(st.integers(0, len(text)), max_size=10, unique=True).map(sorted))
    edits = []
    for start, end in zip(cuts[::2], cuts[1::2], strict=False):
        original = draw(st.text("xyz İ", max_size=4))
        edits.append(Edit(start, end, text[start:end], original, 0.9, "news"))
    return edits


@given(st.data())
def test_both_passes_in_one(data: st.DataObject) -> None:
    text = data.draw(st.text("ab \n\U0001f600", max_size=25))
    first = data.draw(_edits(text))
    between = apply_edits(text, first)
    second = data.draw(_edits(between))
    found = compose(text, first, second)
    assert apply_edits(text, found) == apply_edits(between, second)
    here = 0
    for edit in found:
        assert edit.start >= here
        assert text[edit.start : edit.end] == edit.spun
        here = edit.end


def test_chained_spinners_are_undone(restorer: Restorer) -> None:
    """The author's "was" became "was once", and that "was as soon as" in the second spinner's hands."""
    text = (
        "The corporate was as soon as a small family enterprise, however officers mentioned on Thursday "
        "that vitality costs stay excessive and that strain on the provide chain has eased. It can be "
        "conceivable to scale back the associated charge, the federal government mentioned, whereas "
        "folks within the nation are underneath stress this yr."
    )
    result = restorer.restore(text)
    assert apply_edits(text, result.edits) == result.text
    assert "energy prices remain high" in result.text
