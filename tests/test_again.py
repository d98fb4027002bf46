"""What `retry --only` means by its words."""

import pytest
from factories import attempt, run_config, run_events

from benchgen.errors import UsageError
from benchgen.fold import fold
from benchgen.runner.again import repeats, words_of


@pytest.fixture
def state():
    config = run_config(kind="dataset", tasks=0)
    rows = [attempt("a", category="api_error"), attempt("b,c", category="api_error"), attempt("c")]
    return fold(config, iter(run_events(config, rows)))


def test_a_list_with_commas_is_several_words(state):
    assert words_of(state, ["a,c", "failed"]) == ("a", "c", "failed")


def test_an_id_that_holds_a_comma_is_one_word(state):
    assert words_of(state, ["b,c"]) == ("b,c",)
    whole = next(row.attempt for row in state.rows if row.task == "b,c")
    assert [todo.replaces for todo in repeats(state, words_of(state, [whole]))] == [whole]


def test_a_word_that_means_nothing_in_a_run_is_refused(state):
    with pytest.raises(UsageError, match="'d'"):
        repeats(state, words_of(state, ["a,d"]))
