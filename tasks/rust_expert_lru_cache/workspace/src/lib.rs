//! A least-recently-used cache with weights and an expiry time. See `instructions.md`.

use std::hash::Hash;
use std::marker::PhantomData;
use std::time::Duration;

/// Where the cache reads the time; it never goes back.
pub trait Clock {
    fn now(&self) -> Duration;
}

/// The value weighs more than the whole cache may; it is handed back.
#[derive(Debug, PartialEq, Eq)]
pub struct TooHeavy<V>(pub V);

pub struct LruCache<K, V, C> {
    max_weight: u64,
    ttl: Duration,
    clock: C,
    entries: PhantomData<(K, V)>,
}

impl<K: Eq + Hash + Clone, V, C: Clock> LruCache<K, V, C> {
    pub fn new(max_weight: u64, ttl: Duration, clock: C) -> Self {
        Self { max_weight, ttl, clock, entries: PhantomData }
    }

    pub fn insert(&mut self, key: K, value: V, weight: u64) -> Result<Option<V>, TooHeavy<V>> {
        let _ = (key, weight, self.max_weight, self.ttl, self.clock.now());
        Err(TooHeavy(value))
    }

    pub fn get(&mut self, key: &K) -> Option<&V> {
        let _ = key;
        None
    }

    pub fn peek(&self, key: &K) -> Option<&V> {
        let _ = key;
        None
    }

    pub fn remove(&mut self, key: &K) -> Option<V> {
        let _ = key;
        None
    }

    pub fn get_or_insert_with<F>(&mut self, key: K, make: F) -> Result<&V, TooHeavy<V>>
    where
        F: FnOnce() -> (V, u64),
    {
        let _ = key;
        let (value, _weight) = make();
        Err(TooHeavy(value))
    }

    pub fn len(&mut self) -> usize {
        0
    }

    pub fn is_empty(&mut self) -> bool {
        self.len() == 0
    }

    pub fn weight(&mut self) -> u64 {
        0
    }

    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&K, &V)> {
        std::iter::empty()
    }
}
