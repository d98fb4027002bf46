"""Judges the prime checker by numbers whose nature is well known."""

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from candidate import observe

BELOW_100 = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97]
MERSENNE = 2**61 - 1
LARGEST = 2**64 - 59
NEAR_2_32 = (2**32 - 17, 2**32 - 5)


def ask(function: str, *arguments: Any) -> list[Any]:
    results: list[Any] = observe(function, arguments=arguments)
    return results


def test_knows_the_primes_below_one_hundred() -> None:
    verdicts = ask("is_prime", *range(2, 100))
    assert [number for number, verdict in enumerate(verdicts, start=2) if verdict is True] == BELOW_100
    assert set(map(type, verdicts)) == {bool}


def test_numbers_below_two_are_not_prime() -> None:
    assert ask("is_prime", 1, 0, -1, -7, -(2**40)) == [False] * 5


def test_sees_through_carmichael_numbers() -> None:
    assert ask("is_prime", 561, 1105, 29341) == [False] * 3
    # All prime factors of these are larger than any base that one would try: 151 · 751 · 28351, and 6763 · 10627 · 29947.
    assert ask("is_prime", 3215031751, 2152302898747) == [False] * 2


def test_sees_through_strong_pseudoprimes_to_the_first_bases() -> None:
    # The smallest composites that pass the strong test for the primes up to 5, 7, 11, 13, 17 and 23.
    numbers = [25326001, 3215031751, 2152302898747, 3474749660383, 341550071728321, 3825123056546413051]
    assert ask("is_prime", *numbers) == [False] * 6


def test_a_square_of_a_prime_is_not_prime() -> None:
    # 1093 and 3511 are the two known primes whose square passes Fermat's test for the base 2.
    assert ask("is_prime", *(root * root for root in (5, 37, 41, 1093, 3511, 2**31 - 1, NEAR_2_32[1]))) == [False] * 7


def test_knows_large_primes() -> None:
    assert ask("is_prime", 1000003, 2**31 - 1, *NEAR_2_32, MERSENNE, LARGEST) == [True] * 6


def test_a_product_of_two_large_primes_is_not_prime() -> None:
    assert ask("is_prime", NEAR_2_32[0] * NEAR_2_32[1], 1000003 * 1000033, 2**64 - 1, LARGEST - 2) == [False] * 4


def test_the_next_prime_is_greater_than_a_prime() -> None:
    assert ask("next_prime", 2, 3, 13, 89, NEAR_2_32[0]) == [3, 5, 17, 97, NEAR_2_32[1]]


def test_the_next_prime_after_small_and_negative_numbers_is_two() -> None:
    assert ask("next_prime", 1, 0, -1, -97) == [2, 2, 2, 2]


def test_the_next_prime_after_a_composite_is_found_however_far() -> None:
    assert ask("next_prime", 4, 24, 90, 113, 2**61 - 2) == [5, 29, 97, 127, MERSENNE]


def test_refuses_what_is_not_an_int() -> None:
    assert ask("is_prime", 7.0, 1.5, "7", True, False, None) == ["TypeError"] * 6
    assert ask("next_prime", 7.0, -0.5, "7", True, None) == ["TypeError"] * 5
