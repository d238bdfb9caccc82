"""reference.tokenization: pairs, merges, and texts that come back whatever their characters are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.tokenization import bpe_decode, bpe_encode, bpe_train, ids_within, merge_pair, most_frequent_pair

IDS = st.lists(st.integers(0, 3), max_size=30)


class TestPairs:
    @pytest.mark.parametrize(
        ("ids", "expected"),
        [
            ([5, 6], (5, 6)),
            ([1, 2, 3, 1, 2], (1, 2)),
            ([3, 9, 2, 1], (2, 1)),  # all once: the smallest
            ([7, 1, 7, 0], (1, 7)),  # by the first entry first
            ([7, 7, 7, 1, 2, 9, 1, 2], (1, 2)),  # 7, 7 overlaps and counts twice too
            ([7, 7, 7, 7, 1, 2, 9, 1, 2], (7, 7)),
        ],
    )
    def test_most_frequent(self, ids: list[int], expected: tuple[int, int]) -> None:
        assert most_frequent_pair(ids) == expected

    @pytest.mark.parametrize("ids", [[], [4]])
    def test_no_pair(self, ids: list[int]) -> None:
        with pytest.raises(ValueError, match="no pair"):
            most_frequent_pair(ids)

    def test_merges_from_the_left(self) -> None:
        assert merge_pair([1, 1, 1], (1, 1), 9) == [9, 1]
        assert merge_pair([1, 1, 1, 1, 2, 1, 1], (1, 1), 9) == [9, 9, 2, 9]
        assert merge_pair([1, 2, 1, 2, 2, 1], (1, 2), 9) == [9, 9, 2, 1]
        assert merge_pair([], (1, 2), 9) == []

    @given(IDS)
    def test_merging_as_replacing_does_in_a_text(self, ids: list[int]) -> None:
        text = "".join(map(str, ids)).replace("12", "9").replace("00", "8")
        assert merge_pair(merge_pair(ids, (1, 2), 9), (0, 0), 8) == [int(digit) for digit in text]


class TestEncoding:
    def test_merges_are_merged_again(self) -> None:
        merges = bpe_train("low low low low low lower lower newest newest widest", 3).tolist()
        assert merges == [[ord("l"), ord("o")], [256, ord("w")], [ord(" "), 257]]

    def test_ends_when_no_pair_occurs_twice(self) -> None:
        assert bpe_train("abcabd", 9).tolist() == [[97, 98]]
        assert bpe_train("aaa", 9).tolist() == [[97, 97]]
        for text in ("", "a", "ab"):
            assert bpe_train(text, 9).shape == (0, 2)
        assert bpe_train("abab", 0).shape == (0, 2)

    @given(st.text(max_size=40), st.text("abé ", max_size=60))
    def test_what_is_encoded_comes_back(self, text: str, corpus: str) -> None:
        merges = bpe_train(corpus, 10)
        ids = bpe_encode(text, merges)
        assert bpe_decode(ids, merges) == text
        assert bpe_encode(text, merges[:0]) == list(text.encode())
        assert len(bpe_encode(corpus, merges)) == len(corpus.encode()) or len(merges) > 0

    def test_half_a_character(self) -> None:
        assert bpe_decode([0xC3, 97], bpe_train("", 0)) == "\ufffda"

    @pytest.mark.parametrize("ids", [[-1], [97, 257]])
    def test_ids_that_are_no_token(self, ids: list[int]) -> None:
        with pytest.raises(ValueError, match="an id outside of 0, …, 256"):
            bpe_decode(ids, bpe_train("abab", 1))

    def test_ids_within(self) -> None:
        assert ids_within([], 3).tolist() == []
        assert ids_within([[0, 2]], 3).tolist() == [[0, 2]]
