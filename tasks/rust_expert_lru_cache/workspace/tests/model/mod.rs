//! The promises of `instructions.md` in their plainest form: one list, searched from end to end.

const MAX_WEIGHT: u64 = 20;
const TTL: u64 = 50;

struct Entry {
    key: u64,
    value: u64,
    weight: u64,
    born: u64,
}

/// Entries from the least to the most recent.
#[derive(Default)]
struct PlainCache {
    entries: Vec<Entry>,
    now: u64,
}

impl PlainCache {
    fn position(&mut self, key: u64) -> Option<usize> {
        let now = self.now;
        self.entries.retain(|entry| now - entry.born < TTL);
        self.entries.iter().position(|entry| entry.key == key)
    }

    fn get(&mut self, key: u64) -> Option<u64> {
        let entry = self.position(key).map(|index| self.entries.remove(index))?;
        let value = entry.value;
        self.entries.push(entry);
        Some(value)
    }

    fn peek(&mut self, key: u64) -> Option<u64> {
        self.position(key).map(|index| self.entries[index].value)
    }

    fn remove(&mut self, key: u64) -> Option<u64> {
        self.position(key).map(|index| self.entries.remove(index).value)
    }

    fn insert(&mut self, key: u64, value: u64, weight: u64) -> String {
        if weight > MAX_WEIGHT {
            return format!("Err(TooHeavy({value}))");
        }
        let old = self.remove(key);
        while self.weight() + weight > MAX_WEIGHT {
            self.entries.remove(0);
        }
        self.entries.push(Entry { key, value, weight, born: self.now });
        format!("Ok({old:?})")
    }

    fn make(&mut self, key: u64, value: u64, weight: u64) -> String {
        let hit = self.get(key);
        match hit {
            Some(found) => format!("Ok({found})"),
            None if weight > MAX_WEIGHT => self.insert(key, value, weight),
            None => {
                self.insert(key, value, weight);
                format!("Ok({value})")
            }
        }
    }

    fn weight(&self) -> u64 {
        self.entries.iter().map(|entry| entry.weight).sum()
    }

    fn pairs(&mut self) -> Vec<(u64, u64)> {
        self.position(0);
        self.entries.iter().rev().map(|entry| (entry.key, entry.value)).collect()
    }
}

/// What a right cache answers to each operation.
pub fn play(script: &[String]) -> Vec<String> {
    let mut cache = PlainCache::default();
    script.iter().map(|line| answer(&mut cache, line)).collect()
}

fn answer(cache: &mut PlainCache, line: &str) -> String {
    let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
    let numbers: Vec<u64> = rest.split_whitespace().map(|word| word.parse().expect("a number")).collect();
    let answer = match (verb, numbers.as_slice()) {
        ("insert", &[key, value, weight]) => cache.insert(key, value, weight),
        ("make", &[key, value, weight]) => cache.make(key, value, weight),
        ("get", &[key]) => format!("{:?}", cache.get(key)),
        ("peek", &[key]) => format!("{:?}", cache.peek(key)),
        ("remove", &[key]) => format!("{:?}", cache.remove(key)),
        ("advance", &[millis]) => {
            cache.now += millis;
            return verb.to_owned();
        }
        ("entries", []) => format!("{:?}", cache.pairs()),
        _ => format!("{:?}", (cache.pairs().len(), cache.weight())),
    };
    format!("{verb}: {answer}")
}

/// The same operations every time, over few keys, so that they often meet.
pub fn script(length: u64) -> Vec<String> {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut below = move |limit: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 33) % limit
    };
    let operation = |number| {
        let key = below(9);
        let weight = if below(20) == 0 { 21 } else { below(8) };
        match below(12) {
            0..=2 => format!("insert {key} {number} {weight}"),
            3..=4 => format!("make {key} {number} {weight}"),
            5..=6 => format!("get {key}"),
            7 => format!("peek {key}"),
            8 => format!("remove {key}"),
            9 => format!("advance {}", below(45)),
            10 => "size".to_owned(),
            _ => "entries".to_owned(),
        }
    };
    (0..length).map(operation).collect()
}
