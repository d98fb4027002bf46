"""Output is escaped exactly as Jinja would."""

from __future__ import annotations

import markupsafe
from hypothesis import given
from hypothesis import strategies as st

from benchgen.render.escaping import escape

PIECES = st.one_of(
    st.text(),
    st.text("<>&'\" x", max_size=512),
    st.integers(),
    st.booleans(),
    st.none(),
    st.floats(),
    st.text().map(markupsafe.Markup),
)


@given(PIECES)
def test_a_piece_is_escaped_as_markupsafe_does(piece: object) -> None:
    assert escape(piece) == markupsafe.escape(piece)
