//! Tells primes from composites over the whole range of `u64`.

/// Whether `number` is a prime.
pub fn is_prime(number: u64) -> bool {
    if number < 2 {
        return false;
    }
    let mut divisor = 2;
    while divisor * divisor <= number {
        if number % divisor == 0 {
            return false;
        }
        divisor += 1;
    }
    true
}

/// The smallest prime above `number`, or `None` if no `u64` is one.
pub fn next_prime(number: u64) -> Option<u64> {
    let mut candidate = number + 1;
    while !is_prime(candidate) {
        candidate += 1;
    }
    Some(candidate)
}

/// All primes from `first` to `last`, both included.
pub fn primes_between(first: u64, last: u64) -> Vec<u64> {
    let mut primes = Vec::new();
    let mut candidate = first;
    while candidate <= last {
        if is_prime(candidate) {
            primes.push(candidate);
        }
        candidate += 1;
    }
    primes
}
