//! Tells primes from composites over the whole range of `u64`.

/// Whether `number` is a prime.
pub fn is_prime(number: u64) -> bool {
    if number < 2 {
        return false;
    }
    let mut divisor = 2;
    while divisor <= number / divisor {
        if number % divisor == 0 {
            return false;
        }
        divisor += 1;
    }
    true
}

/// The smallest prime above `number`, or `None` if no `u64` is one.
pub fn next_prime(number: u64) -> Option<u64> {
    (number.checked_add(1)?..=u64::MAX).find(|&candidate| is_prime(candidate))
}

/// All primes from `first` to `last`, both included.
pub fn primes_between(first: u64, last: u64) -> Vec<u64> {
    (first..=last).filter(|&candidate| is_prime(candidate)).collect()
}
