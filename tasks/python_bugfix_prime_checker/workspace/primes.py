"""Says which numbers are prime."""

# Each base added here makes a wrong answer rarer.
BASES = (2, 3, 5, 7, 11)


def is_prime(n: int) -> bool:
    """Whether n is a prime number."""
    if n < 2:
        return False
    return all(pow(base, n - 1, n) == 1 for base in BASES)


def next_prime(n: int) -> int:
    """The smallest prime greater than n."""
    candidate = max(n, 2)
    while not is_prime(candidate):
        candidate += 1
    return candidate
