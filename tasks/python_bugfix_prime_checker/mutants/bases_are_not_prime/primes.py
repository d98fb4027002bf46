"""Says which numbers are prime."""

# The strong test with these bases is known to be right for every number below 2 ** 64.
BASES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37)


def is_prime(n: int) -> bool:
    """Whether n is a prime number."""
    _require_int(n)
    if n < 2:
        return False
    for base in BASES:
        if n % base == 0:
            return False
    odd = n - 1
    twos = 0
    while odd % 2 == 0:
        odd //= 2
        twos += 1
    return all(_passes(n, base, odd, twos) for base in BASES)


def next_prime(n: int) -> int:
    """The smallest prime greater than n."""
    _require_int(n)
    candidate = max(n + 1, 2)
    while not is_prime(candidate):
        candidate += 1
    return candidate


def _require_int(n: int) -> None:
    if not isinstance(n, int) or isinstance(n, bool):
        raise TypeError(f"{n!r} is not an int")


def _passes(n: int, base: int, odd: int, twos: int) -> bool:
    """Whether the square roots of 1 that the base leads to are such as a prime has."""
    power = pow(base, odd, n)
    if power in (1, n - 1):
        return True
    for _ in range(twos - 1):
        power = power * power % n
        if power == n - 1:
            return True
    return False
