//! Tells primes from composites over the whole range of `u64`.

/// As bases of the strong test, these leave no composite below 2^64 undetected.
const BASES: [u64; 12] = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37];

/// Whether `number` is a prime.
pub fn is_prime(number: u64) -> bool {
    if number < 2 {
        return false;
    }
    match BASES.iter().find(|&&base| number % base == 0) {
        Some(&base) => number == base,
        None => BASES.iter().all(|&base| passes_strong_test(number, base)),
    }
}

/// The strong test of Miller and Rabin for an odd number that the base does not divide.
fn passes_strong_test(number: u64, base: u64) -> bool {
    let halvings = (number - 1).trailing_zeros();
    let mut power = power_modulo(base, (number - 1) >> halvings, number);
    if power == 1 {
        return true;
    }
    for _ in 0..halvings {
        if power == number - 1 {
            return true;
        }
        power = product_modulo(power, power, number);
    }
    false
}

fn power_modulo(base: u64, mut exponent: u64, modulus: u64) -> u64 {
    let (mut power, mut square) = (1, base % modulus);
    while exponent > 0 {
        if exponent & 1 == 1 {
            power = product_modulo(power, square, modulus);
        }
        square = product_modulo(square, square, modulus);
        exponent >>= 1;
    }
    power
}

fn product_modulo(left: u64, right: u64, modulus: u64) -> u64 {
    let product = u128::from(left) * u128::from(right);
    (product % u128::from(modulus)) as u64
}

/// The smallest prime above `number`, or `None` if no `u64` is one.
pub fn next_prime(number: u64) -> Option<u64> {
    (number.checked_add(1)?..=u64::MAX).find(|&candidate| is_prime(candidate))
}

/// All primes from `first` to `last`, both included.
pub fn primes_between(first: u64, last: u64) -> Vec<u64> {
    (first..last).filter(|&candidate| is_prime(candidate)).collect()
}
