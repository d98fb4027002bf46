//! A least-recently-used cache with weights and an expiry time. See `instructions.md`.

mod ring;

use ring::{Ring, HEAD};
use std::collections::HashMap;
use std::hash::Hash;
use std::time::Duration;

/// Where the cache reads the time; it never goes back.
pub trait Clock {
    fn now(&self) -> Duration;
}

/// The value weighs more than the whole cache may; it is handed back.
#[derive(Debug, PartialEq, Eq)]
pub struct TooHeavy<V>(pub V);

struct Entry<K, V> {
    key: K,
    value: V,
    weight: u64,
    born: Duration,
}

pub struct LruCache<K, V, C> {
    max_weight: u64,
    ttl: Duration,
    clock: C,
    weight: u64,
    slot_of: HashMap<K, usize>,
    slots: Vec<Option<Entry<K, V>>>,
    free: Vec<usize>,
    by_use: Ring,
    by_age: Ring,
}

impl<K: Eq + Hash + Clone, V, C: Clock> LruCache<K, V, C> {
    pub fn new(max_weight: u64, ttl: Duration, clock: C) -> Self {
        Self {
            max_weight,
            ttl,
            clock,
            weight: 0,
            slot_of: HashMap::new(),
            slots: vec![None],
            free: Vec::new(),
            by_use: Ring::new(),
            by_age: Ring::new(),
        }
    }

    pub fn insert(&mut self, key: K, value: V, weight: u64) -> Result<Option<V>, TooHeavy<V>> {
        let now = self.drop_expired();
        if weight > self.max_weight {
            return Err(TooHeavy(value));
        }
        let old = self.slot_of.get(&key).copied().and_then(|slot| self.take(slot));
        while self.weight > self.max_weight - weight {
            drop(self.take(self.by_use.oldest()));
        }
        self.put(Entry { key, value, weight, born: now });
        Ok(old.map(|entry| entry.value))
    }

    pub fn get(&mut self, key: &K) -> Option<&V> {
        self.drop_expired();
        let slot = *self.slot_of.get(key)?;
        self.by_use.renew(slot);
        self.slots[slot].as_ref().map(|entry| &entry.value)
    }

    pub fn peek(&self, key: &K) -> Option<&V> {
        let entry = self.slots[*self.slot_of.get(key)?].as_ref()?;
        self.is_live(entry, self.clock.now()).then_some(&entry.value)
    }

    pub fn remove(&mut self, key: &K) -> Option<V> {
        self.drop_expired();
        let slot = *self.slot_of.get(key)?;
        self.take(slot).map(|entry| entry.value)
    }

    pub fn get_or_insert_with<F>(&mut self, key: K, make: F) -> Result<&V, TooHeavy<V>>
    where
        F: FnOnce() -> (V, u64),
    {
        self.drop_expired();
        match self.slot_of.get(&key) {
            Some(&slot) => self.by_use.renew(slot),
            None => {
                self.slot_of.insert(key.clone(), HEAD);
                let (value, weight) = make();
                self.insert(key, value, weight)?;
            }
        }
        let newest = self.slots[self.by_use.newest()].as_ref();
        Ok(&newest.expect("the entry was just put first").value)
    }

    pub fn len(&mut self) -> usize {
        self.drop_expired();
        self.slot_of.len()
    }

    pub fn is_empty(&mut self) -> bool {
        self.len() == 0
    }

    pub fn weight(&mut self) -> u64 {
        self.drop_expired();
        self.weight
    }

    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&K, &V)> {
        let now = self.clock.now();
        let mut live = Vec::with_capacity(self.slot_of.len());
        let mut slot = self.by_use.newest();
        while slot != HEAD {
            live.extend(self.slots[slot].iter().filter(|entry| self.is_live(entry, now)));
            slot = self.by_use.older(slot);
        }
        live.into_iter().map(|entry| (&entry.key, &entry.value))
    }

    fn is_live(&self, entry: &Entry<K, V>, now: Duration) -> bool {
        now.saturating_sub(entry.born) < self.ttl
    }

    /// One lifetime for all: the entries expire in the order in which they were put in.
    fn drop_expired(&mut self) -> Duration {
        let now = self.clock.now();
        while let Some(oldest) = &self.slots[self.by_age.oldest()] {
            if self.is_live(oldest, now) {
                break;
            }
            drop(self.take(self.by_age.oldest()));
        }
        now
    }

    fn take(&mut self, slot: usize) -> Option<Entry<K, V>> {
        let entry = self.slots[slot].take()?;
        self.by_use.unlink(slot);
        self.by_age.unlink(slot);
        self.slot_of.remove(&entry.key);
        self.weight -= entry.weight;
        self.free.push(slot);
        Some(entry)
    }

    fn put(&mut self, entry: Entry<K, V>) {
        let slot = self.free.pop().unwrap_or_else(|| {
            self.slots.push(None);
            self.slots.len() - 1
        });
        self.weight += entry.weight;
        self.slot_of.insert(entry.key.clone(), slot);
        self.slots[slot] = Some(entry);
        self.by_use.push_newest(slot);
        self.by_age.push_newest(slot);
    }
}
